// Coverage in words: one stretch, the sums, and the table of what was not heard.

import { h, timeElement } from "../../dom.js";
import { dateTime, duration, minute } from "../../time.js";

/** Kinds from the least to the most urgent; later ones are drawn over earlier ones. */
export const SHARE_ORDER = ["absent", "heard", "silent", "lost"];

const KINDS = { heard: "heard", silent: "silent", lost: "lost", absent: "no source" };
const MEANINGS = {
  heard: "Sound came in.",
  silent: "Sound came in, and was digital silence: a muted or broken microphone.",
  lost: "Sound was recorded, and did not arrive.",
  absent: "There was no source, or it said that there was nothing to hear.",
};
const REASONS = {
  overflow: "more came than could be taken",
  no_source: "nothing was running",
  refused: "the device is disabled or unknown",
  not_yet: "nothing known yet",
};
const SUMS = { heard: "heard_s", silent: "silent_s", lost: "lost_s", absent: "unknown_s" };

/** Returns one stretch: `03:12 to 03:40, lost for 28 min (overflow)`. */
export function stretchText({ from, to, kind, reason }) {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  const why = reason ? ` (${reasonText(reason)})` : "";
  return `${minute(from)} to ${minute(to)}, ${KINDS[kind] ?? kind} for ${duration(seconds)}${why}`;
}

/** Returns a reason as words; one of a later version by its own name. */
export function reasonText(reason) {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}

/** Returns the sums in a sentence, those above zero. */
export function coverageText(coverage) {
  const parts = sums(coverage).filter(({ seconds }) => seconds > 0);
  return parts.length ? parts.map(({ kind, seconds }) => `${KINDS[kind]} ${duration(seconds)}`).join(", ") : "nothing is known";
}

/** Returns the share of the time in which the device was heard, sounding or silent: `98 %`. */
export function heardShare({ from, to, heard_s: heard, silent_s: silent }) {
  const share = (1000 * (heard + silent)) / (Date.parse(to) - Date.parse(from));
  const percent = Math.floor(share * 100);
  return share >= 0.9995 ? "100 %" : `${Math.min(99, percent)} %`;
}

/** Returns the sums with what each kind means: also the legend of the strip. */
export function coverageSums(coverage) {
  return h("dl", { class: "coverage-sums" }, sums(coverage).map(({ kind, seconds }) =>
    h("div", { title: MEANINGS[kind] },
      h("dt", {}, h("span", { class: `coverage-sample is-${kind}`, "aria-hidden": "true" }), KINDS[kind]),
      h("dd", {}, seconds > 0 ? duration(seconds) : "none"))));
}

/** Returns a sentence about how exact the strip is; null when it is to the sample. */
export function resolutionNote({ resolution_s: seconds = 0 }) {
  if (!seconds) return null;
  return h("p", { class: "muted small" }, `Too much went on to show all of it: each piece of ${duration(seconds)} is of one kind, lost if any of it was.`);
}

/** Returns all stretches as a table that opens on demand. */
export function coverageTable({ stretches }) {
  const head = h("tr", {}, ["From", "To", "What", "How long", "Why"].map((title) => h("th", { scope: "col" }, title)));
  const row = ({ from, to, kind, reason }) =>
    h("tr", {}, h("th", { scope: "row" }, timeElement(from, dateTime(from))), h("td", {}, timeElement(to, dateTime(to))),
      h("td", {}, KINDS[kind] ?? kind), h("td", { class: "number" }, duration((Date.parse(to) - Date.parse(from)) / 1000)), h("td", {}, reasonText(reason)));
  const body = h("tbody");
  const fill = () => body.childNodes.length || body.append(...stretches.map(row));
  return h("details", { class: "as-table", on: { toggle: fill } }, h("summary", {}, "The same as a table"),
    h("div", { class: "table-scroll is-tall", tabindex: "0", role: "region", "aria-label": "Coverage as a table" },
      h("table", { class: "plain-table" }, h("thead", {}, head), body)));
}

function sums(coverage) {
  return Object.entries(SUMS).map(([kind, name]) => ({ kind, seconds: coverage[name] ?? 0 }));
}
