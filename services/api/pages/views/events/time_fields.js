// When: a range that ends now, or two moments of the reader's own clock.

import { h } from "../../dom.js";
import { isoDay, minute } from "../../time.js";

/** Ranges in words, by what stands in the address. */
export const RANGE_TEXTS = { "1h": "last hour", "24h": "last 24 hours", "7d": "last 7 days", "30d": "last 30 days" };

const BETWEEN = "between";

/** @param {(changes: object) => void} change Told `last`, `from` and `to`. */
export function timeFields(change) {
  const option = (value, text) => h("option", { value }, text);
  const range = h("select", { "aria-label": "When", on: { change: chooseRange } }, option("", "any time"),
    Object.entries(RANGE_TEXTS).map(([value, text]) => option(value, text)), option(BETWEEN, "between …"));
  const [from, to] = ["From", "Before"].map((title) =>
    h("input", { type: "datetime-local", "aria-label": title, on: { change: chooseMoments } }));
  const moments = h("span", { class: "moments", hidden: true }, from, h("span", { class: "muted" }, "to"), to);

  function chooseRange() {
    moments.hidden = range.value !== BETWEEN;
    if (range.value === BETWEEN) return from.focus();
    change({ last: range.value, from: "", to: "" });
  }

  function chooseMoments() {
    change({ last: "", from: moment(from.value), to: moment(to.value) });
  }

  return {
    element: h("div", { class: "when" }, range, moments),
    show({ last, from: first, to: end }) {
      const isBetween = Boolean(first || end);
      if (isBetween || last || !moments.contains(document.activeElement)) {
        range.value = isBetween ? BETWEEN : last;
        moments.hidden = !isBetween;
      }
      if (document.activeElement !== from) from.value = local(first);
      if (document.activeElement !== to) to.value = local(end);
    },
  };
}

function moment(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

function local(text) {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? "" : `${isoDay(ms)}T${minute(ms)}`;
}
