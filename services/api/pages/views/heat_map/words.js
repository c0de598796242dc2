// What stands around a heat map: its day in a sentence, the names of its hours, its colours.

import { h } from "../../dom.js";
import { span } from "../../day.js";
import { minute, weekday } from "../../time.js";
import { busiest, levelRanges } from "./counts.js";

/** Returns the heading and how much there was. */
export function summary(day, total, numLabels, hours, totals) {
  const peak = busiest(totals);
  const words = peak < 0 ? "" : `${counted(total, "event")} of ${counted(numLabels, "sound")}; busiest from ${column(hours[peak]).title} (${totals[peak]})`;
  return h("div", {}, h("h2", {}, weekday(span(day).from.getTime()), ` ${day.slice(0, 4)}`), words && h("p", { class: "muted" }, words));
}

/** Returns the heading of an hour, and whether it is over. */
export function column({ from, to }) {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const now = Date.now();
  const state = start > now ? "future" : end > now ? "now" : "past";
  return { text: from.slice(11, 13), title: `${minute(start)} to ${minute(end)}`, state };
}

/** Returns which colour stands for how many. */
export function legend(most) {
  const items = levelRanges(most).map(({ level, from, to }) =>
    h("li", {}, h("span", { class: "heat-sample", dataset: { level } }), from === to ? String(from) : `${from}–${to}`));
  return h("ul", { class: "heat-legend", "aria-label": "Events in an hour, by colour" }, items);
}

function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
