// A part of a page under a heading of its own.

import { h } from "./dom.js";

/** Returns the part; screen readers call it by its name, which no other part of the page has. */
export function card(name, body) {
  const id = `card-${name.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  return h("section", { class: "card", "aria-labelledby": id }, h("header", { class: "card-head" }, h("h2", { id }, name)), body);
}
