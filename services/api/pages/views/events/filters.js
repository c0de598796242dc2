// The filters above the list, and what is chosen as words that can be taken away one by one.

import { button, h, setText } from "../../dom.js";
import { icon } from "../../icons.js";
import { facet } from "./facet.js";
import { FIXED, loadOptions } from "./options.js";
import { chips } from "./chips.js";
import { FACETS, countFilters, readQuery } from "./query.js";
import { timeFields } from "./time_fields.js";

const TITLES = { device: "Device", site: "Site", tag: "Tag", label: "Sound", category: "Category", priority: "Priority", state: "State" };
const FREE = new Set(["device", "site", "tag", "label"]);
const TYPING_MS = 250;

/**
 * Returns the filters; `offer()` asks what there is to choose.
 *
 * @param {object} context The view's.
 * @param {(query: object, isTyping: boolean) => void} onChange
 */
export function eventFilters({ api, signal }, onChange) {
  let query = readQuery(new URLSearchParams());
  let timer = 0;
  const change = (changes, isTyping = false) => {
    query = { ...query, ...changes };
    draw();
    onChange(query, isTyping);
  };
  const later = (changes) => {
    clearTimeout(timer);
    timer = setTimeout(() => signal.aborted || change(changes(), true), TYPING_MS);
  };
  const text = h("input", { type: "search", class: "search-field", maxlength: 200, placeholder: "Search sound, device or site",
    "aria-label": "Search sound, device or site", autocomplete: "off", on: { input: () => later(() => ({ text: text.value.trim() })) } });
  const score = h("input", { type: "number", min: 0, max: 1, step: 0.05, placeholder: "any", class: "score-field", "aria-label": "Lowest peak score",
    on: { input: () => later(() => ({ min_score: score.validity.valid ? score.value : "" })) } });
  const suppressed = h("select", { "aria-label": "Events that another one suppresses", on: { change: () => change({ suppressed: suppressed.value }) } },
    ["no", "any", "only"].map((value, i) => h("option", { value }, ["none suppressed", "with suppressed", "suppressed only"][i])));
  const facets = new Map(FACETS.map((name) => [name,
    facet({ name, title: TITLES[name], isFree: FREE.has(name) }, (values) => change({ [name]: values }), signal)]));
  const times = timeFields(change);
  const panel = h("div", { class: "filter-panel", id: "filter-panel" },
    h("div", { class: "facets" }, [...facets.values()].map((each) => each.element)),
    h("label", { class: "field" }, h("span", { "aria-hidden": "true" }, "Score ≥"), score), suppressed);
  const count = h("span", { class: "facet-count" });
  const opener = h("button", { type: "button", class: "button filter-opener", "aria-expanded": "false", "aria-controls": "filter-panel",
    on: { click: () => opener.setAttribute("aria-expanded", panel.classList.toggle("is-open")) } }, "Filters", count);
  const chosen = h("div", { class: "chips", role: "group", "aria-label": "Chosen filters" });
  const element = h("section", { class: "filters", role: "search", "aria-label": "Filter events" },
    h("div", { class: "filter-top" }, h("div", { class: "search" }, icon("search"), text), times.element, opener), panel, chosen);

  function draw() {
    if (document.activeElement !== text) text.value = query.text;
    if (document.activeElement !== score) score.value = query.min_score;
    suppressed.value = query.suppressed;
    for (const [name, each] of facets) if (!each.element.contains(document.activeElement)) each.show(query[name]);
    times.show(query);
    setText(count, countFilters(query) ? String(countFilters(query)) : "");
    drawChips();
  }

  /** A chip goes when it is pressed: the focus goes on to the next one. */
  function drawChips() {
    const focused = [...chosen.children].indexOf(document.activeElement);
    chosen.replaceChildren(...chips(query, TITLES, change));
    chosen.hidden = !chosen.childNodes.length;
    if (!chosen.hidden) chosen.append(button("Clear all", clear, { class: "quiet" }));
    if (focused >= 0) (chosen.children[Math.min(focused, chosen.children.length - 1)] ?? text).focus();
  }

  function clear() {
    change(readQuery(new URLSearchParams()));
  }

  for (const [name, options] of Object.entries(FIXED)) facets.get(name).setOptions(options);
  return {
    element,
    clear,
    offer() {
      loadOptions(api, signal)
        .then((found) => FACETS.forEach((name) => found[name] && facets.get(name).setOptions(found[name])))
        .catch(() => {});  // the view has been left
    },
    show(wanted) {
      query = wanted;
      draw();
    },
  };
}
