// The score curve of an event: what each patch scored, against the thresholds that decided.

import { h, setText } from "../dom.js";
import { svg } from "../element.js";
import { clock, minute } from "../time.js";
import { HEIGHT, cursor, layers, scales } from "./curve/layers.js";
import { curveNumbers, indexAt } from "./curve/numbers.js";
import { curveTable, patchText } from "./curve/words.js";

const NARROWEST_PX = 280;
const JUMP = 10;  // patches, by PageUp and PageDown
let numCharts = 0;

/**
 * Returns the chart, drawn as wide as its place is, with the same as a table below.
 *
 * The chart is a slider over its patches for keyboards and screen readers.
 *
 * @param {object} curve As `GET /v1/events/{id}/explain` has it; at least one patch.
 * @param {Array<{name: string, value: number}>} thresholds
 * @param {object} event
 * @returns {{element: HTMLElement, update: Function, close: () => void}} `update` takes what this does.
 */
export function scoreCurve(curve, thresholds, event) {
  let numbers = curveNumbers(curve, thresholds, event);
  const hatchId = `curve-hatch-${(numCharts += 1)}`;
  const picture = svg("svg", { class: "curve", height: HEIGHT, "aria-hidden": "true" });
  const readout = h("p", { class: "curve-readout", "aria-hidden": "true" });
  const stage = h("div", { class: "curve-stage", tabindex: "0", role: "slider", "aria-label": "Score curve, patch by patch",
    "aria-valuemin": 0, on: { keydown: step, pointermove: point, pointerdown: point } }, picture);
  const tick = (moment, stepS) => (stepS < 60 ? clock(moment) : minute(moment));
  let width = 0;
  let scale = null;
  let index = Math.max(0, numbers.scores.indexOf(Math.max(...numbers.scores)));
  let mark = null;

  function draw() {
    width = Math.max(NARROWEST_PX, stage.clientWidth);
    scale = scales(numbers, width);
    picture.setAttribute("width", width);
    picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    stage.setAttribute("aria-valuemax", numbers.atMs.length - 1);
    picture.replaceChildren(...layers(numbers, scale, width, tick, hatchId));
    mark = null;
    show(index);
  }

  function show(wanted) {
    index = Math.min(numbers.atMs.length - 1, Math.max(0, wanted));
    const text = patchText(numbers, index);
    setText(readout, text);
    stage.setAttribute("aria-valuenow", index);
    stage.setAttribute("aria-valuetext", text);
    const next = cursor(numbers, scale, index);
    if (mark) mark.replaceWith(next);
    else picture.append(next);
    mark = next;
  }

  function step(press) {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -JUMP, PageUp: JUMP,
      Home: -numbers.atMs.length, End: numbers.atMs.length };
    if (!(press.key in steps)) return;
    press.preventDefault();
    show(index + steps[press.key]);
  }

  function point(event) {
    const x = event.clientX - stage.getBoundingClientRect().left;
    show(indexAt(numbers, scale.moment(x)));
  }

  const observer = new ResizeObserver(() => Math.abs(stage.clientWidth - width) > 0.5 && draw());
  observer.observe(stage);
  const table = curveTable(() => numbers);
  const element = h("figure", { class: "curve-figure" }, stage, readout, table.element);
  return {
    element,
    close: () => observer.disconnect(),
    update(...said) {
      numbers = curveNumbers(...said);
      draw();
      table.update();
    },
  };
}
