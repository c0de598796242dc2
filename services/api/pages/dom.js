// What every page is put together from; `h` and `svg` make the elements.

import { h } from "./element.js";
import { icon } from "./icons.js";
import { full } from "./time.js";

export { h, setText, svg } from "./element.js";

/** Returns a link to another page of ours. */
export function link(path, attributes, ...children) {
  return h("a", { href: path, ...attributes }, ...children);
}

/** Returns a button; `attributes.class` adds `primary`, `quiet` or `danger`. */
export function button(text, onClick, attributes = {}) {
  return h("button", { type: "button", ...attributes, class: `button ${attributes.class ?? ""}`, on: { click: onClick } }, text);
}

/** Returns a `time` element whose tooltip is the full local time with its zone. */
export function timeElement(moment, text, attributes = {}) {
  return h("time", { datetime: moment, title: full(moment), ...attributes }, text);
}

/** Returns what stands where a list would be, when there is nothing to list. */
export function emptyState(title, text, ...actions) {
  return h(
    "div",
    { class: "empty-state" },
    icon("quiet"),
    h("p", { class: "empty-title" }, title),
    text && h("p", { class: "muted" }, text),
    actions.length > 0 && h("div", { class: "row" }, ...actions),
  );
}

/** Returns what stands where a list would be until it is there. */
export function loading(text = "Loading…") {
  return h("p", { class: "loading", role: "status" }, text);
}

/**
 * Returns a box with the api's own sentence.
 *
 * @param {Error} error What `api` threw.
 * @param {Function} retry Called by its button; without, there is none.
 */
export function errorBox(error, retry) {
  const sentence = error.detail ?? error.message ?? String(error);
  return h(
    "div",
    { class: "error-box", role: "alert" },
    icon("warning"),
    h("p", {}, sentence),
    retry && button("Try again", retry),
  );
}
