// One filter with several values: a menu of checkboxes behind a button that says what is chosen.

import { h, setText } from "../../dom.js";

const FIND_FROM = 9;  // with fewer options, looking is faster than typing

/**
 * Returns a facet.
 *
 * @param {object} spec `name`, `title`; `isFree`: what is typed is taken even if it is no option.
 * @param {(values: string[]) => void} onChange Told all chosen values after each change.
 * @param {AbortSignal} signal Ends its listeners.
 */
export function facet({ name, title, isFree = false }, onChange, signal) {
  const count = h("span", { class: "facet-count" });
  const summary = h("summary", { class: "facet-button" }, h("span", {}, title), count);
  const find = h("input", { type: "search", class: "facet-find", placeholder: isFree ? "Find, or type any" : "Find",
    "aria-label": `Find in ${title}`, autocomplete: "off", on: { input: filter, keydown: take } });
  const choices = h("ul", { class: "facet-options" });
  const none = h("p", { class: "muted facet-none" });
  const menu = h("div", { class: "facet-menu", role: "group", "aria-label": title }, find, choices, none);
  const element = h("details", { class: "facet", dataset: { facet: name }, on: { keydown: escape, focusout: leave } }, summary, menu);
  document.addEventListener("pointerdown", (press) => close(!element.contains(press.target)), { signal });
  let chosen = [];
  let options = [];

  function draw() {
    const known = new Set(options.flatMap((option) => option.values));
    const strays = chosen.filter((value) => !known.has(value)).map((value) => ({ text: value, values: [value] }));
    choices.replaceChildren(...[...strays, ...options].map(choice));
    find.hidden = !isFree && options.length < FIND_FROM;
    filter();
    mark();
  }

  function choice({ text, values, mark: sign, note }) {
    const isChosen = values.every((value) => chosen.includes(value));
    const box = h("input", { type: "checkbox", checked: isChosen, on: { change: () => toggle(values, box.checked) } });
    box.values = values;
    return h("li", { dataset: { find: text.toLowerCase() } },
      h("label", {}, box, sign?.(), h("span", { class: "facet-text" }, text), note && h("span", { class: "muted" }, note)));
  }

  function toggle(values, isWanted) {
    const rest = chosen.filter((value) => !values.includes(value));
    chosen = isWanted ? [...rest, ...values] : rest;
    mark();
    onChange([...chosen]);
  }

  function mark() {
    const texts = [...choices.querySelectorAll("input:checked")].length;
    setText(count, texts ? String(texts) : "");
    element.classList.toggle("is-chosen", texts > 0);
    summary.setAttribute("aria-label", texts ? `${title}, ${texts} chosen` : title);
  }

  function filter() {
    const wanted = find.value.trim().toLowerCase();
    for (const item of choices.children) item.hidden = !item.dataset.find.includes(wanted);
    const isNone = ![...choices.children].some((item) => !item.hidden);
    none.hidden = !isNone;
    setText(none, !isNone ? "" : isFree && wanted ? `Enter takes “${find.value.trim()}” as it is.` : "Nothing to choose.");
  }

  function take(press) {
    const typed = find.value.trim();
    if (press.key !== "Enter" || !typed) return;
    press.preventDefault();
    const item = [...choices.children].find((each) => !each.hidden);
    if (!item && !isFree) return;
    toggle(item ? item.querySelector("input").values : [typed], true);
    find.value = "";
    draw();
  }

  function escape(press) {
    if (press.key !== "Escape" || !element.open) return;
    press.stopPropagation();
    close(true);
    summary.focus();
  }

  function leave(event) {
    close(Boolean(event.relatedTarget) && !element.contains(event.relatedTarget));
  }

  function close(isMeant) {
    if (isMeant) element.open = false;
  }

  return {
    element,
    setOptions(found) {
      options = found;
      draw();
    },
    show(values) {
      chosen = [...values];
      draw();
    },
  };
}
