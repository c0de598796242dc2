// What is chosen, in words; each is a button that takes it away.

import { h } from "../../dom.js";
import { icon } from "../../icons.js";
import { dateTime } from "../../time.js";
import { FACETS } from "./query.js";
import { RANGE_TEXTS } from "./time_fields.js";

const GOING_ON = ["started", "updated"];
const SUPPRESSED = { any: "suppressed ones too", only: "suppressed ones only" };

/**
 * Returns a chip for each thing that is asked for.
 *
 * @param {object} query
 * @param {Record<string, string>} titles Of the facets.
 * @param {(changes: object) => void} change
 */
export function chips(query, titles, change) {
  const found = FACETS.flatMap((name) => groups(name, query[name]).map(({ text, values }) =>
    chip(`${titles[name]}: ${text}`, () => change({ [name]: query[name].filter((each) => !values.includes(each)) }))));
  const single = (name, text, nothing = "") => query[name] !== nothing && found.push(chip(text, () => change({ [name]: nothing })));
  single("text", `“${query.text}”`);
  single("last", RANGE_TEXTS[query.last]);
  single("from", `from ${dateTimeOrRaw(query.from)}`);
  single("to", `before ${dateTimeOrRaw(query.to)}`);
  single("min_score", `peak score from ${query.min_score}`);
  single("suppressed", SUPPRESSED[query.suppressed] ?? query.suppressed, "no");
  return found;
}

function groups(name, values) {
  const isGoingOn = name === "state" && GOING_ON.every((value) => values.includes(value));
  const rest = values.filter((value) => !(isGoingOn && GOING_ON.includes(value)));
  const single = rest.map((value) => ({ text: value, values: [value] }));
  return isGoingOn ? [{ text: "going on", values: GOING_ON }, ...single] : single;
}

function chip(text, takeAway) {
  return h("button", { type: "button", class: "chip", "aria-label": `Take away ${text}`, on: { click: takeAway } },
    h("span", { class: "chip-text" }, text), icon("close"));
}

function dateTimeOrRaw(moment) {
  return Number.isNaN(Date.parse(moment)) ? moment : dateTime(moment);
}
