// Whether a device was heard, over time: a strip with its gaps. Each kind has a height or a hatching
// of its own beside its colour.

import { h, setText } from "../dom.js";
import { minute } from "../time.js";
import { SHARE_ORDER, stretchText } from "./coverage/words.js";
import { timeTicks } from "./scale.js";

const MOST_TICKS = 8;  // as many as a phone has room for

/**
 * Returns a strip to look at: small, in a list.
 *
 * @param {object} coverage As `GET /v1/devices/{id}/coverage` has it.
 * @param {string} summary What it says in a sentence.
 */
export function coverageStrip(coverage, summary) {
  return h("div", { class: "coverage-strip", role: "img", "aria-label": summary, title: summary }, bars(coverage));
}

/**
 * Returns a strip to go through, by pointer or by arrow keys, with hours below it.
 *
 * @param {object} coverage At least one stretch.
 */
export function coverageChart(coverage) {
  const { stretches } = coverage;
  const parts = bars(coverage);
  const readout = h("p", { class: "coverage-readout" });
  const strip = h("div", { class: "coverage-strip is-large", tabindex: "0", role: "slider", "aria-label": "Coverage, stretch by stretch",
    "aria-valuemin": 0, "aria-valuemax": stretches.length - 1, on: { keydown: step } }, parts);
  parts.forEach((part, i) => part.addEventListener("pointerenter", () => show(i)));
  const longestGap = stretches.findIndex(({ kind }) => kind === "lost");
  let index = 0;

  function show(wanted) {
    parts[index].classList.remove("is-shown");
    index = Math.min(stretches.length - 1, Math.max(0, wanted));
    parts[index].classList.add("is-shown");
    const text = stretchText(stretches[index]);
    setText(readout, text);
    strip.setAttribute("aria-valuenow", index);
    strip.setAttribute("aria-valuetext", text);
  }

  function step(press) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -stretches.length, End: stretches.length };
    if (!(press.key in steps)) return;
    press.preventDefault();
    show(index + steps[press.key]);
  }

  show(longestGap < 0 ? stretches.length - 1 : longestGap);
  return h("figure", { class: "coverage-figure" }, strip, hours(coverage), readout);
}

function bars({ from, to, stretches }) {
  const place = percent(from, to);
  return stretches.map((stretch) => {
    const left = place(stretch.from);
    const width = `${Math.max(0, place(stretch.to) - left)}%`;
    const style = { left: `${left}%`, width, "z-index": SHARE_ORDER.indexOf(stretch.kind) + 1 };
    return h("span", { class: `coverage-bar is-${stretch.kind}`, style, title: stretchText(stretch) });
  });
}

function hours({ from, to }) {
  const place = percent(from, to);
  const { ticks } = timeTicks(Date.parse(from), Date.parse(to), MOST_TICKS);
  return h("div", { class: "coverage-hours", "aria-hidden": "true" }, ticks.map((tick) =>
    h("span", { class: place(tick) < 3 && "is-first", style: { left: `${place(tick)}%` } }, minute(tick))));
}

function percent(from, to) {
  const ms = (moment) => (typeof moment === "number" ? moment : Date.parse(moment));
  const span = Math.max(1, ms(to) - ms(from));
  return (moment) => Math.min(100, Math.max(0, ((ms(moment) - ms(from)) / span) * 100));
}
