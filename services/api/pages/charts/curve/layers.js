// The layers of a score curve, from back to front. Colours are the style sheet's.

import { linear, stairs, timeTicks } from "../scale.js";
import { svg } from "../../dom.js";
import { hatchPattern } from "../hatch.js";
import { FLOOR_DBFS } from "./numbers.js";

const TOP = 22;
const SCORE_HEIGHT = 190;
const LEVEL_TOP = TOP + SCORE_HEIGHT + 18;
const LEVEL_HEIGHT = 40;
const BOTTOM = LEVEL_TOP + LEVEL_HEIGHT;
const LEFT = 34;
const RIGHT = 62;
const TICK_WIDTH = 66;
const LABEL_HEIGHT = 13;

export const HEIGHT = BOTTOM + 24;

/** Returns the functions that take moments, scores and levels to pixels. */
export function scales(numbers, width) {
  const level = linear(FLOOR_DBFS, 0, BOTTOM, LEVEL_TOP);
  return {
    x: linear(numbers.fromMs, numbers.toMs, LEFT, width - RIGHT),
    moment: linear(LEFT, width - RIGHT, numbers.fromMs, numbers.toMs),
    score: linear(0, 1, TOP + SCORE_HEIGHT, TOP),
    level: (dbfs) => Math.min(BOTTOM, Math.max(LEVEL_TOP, level(dbfs))),
  };
}

/** Draws everything but the reader's own mark. */
export function layers(numbers, scale, width, clock, hatchId) {
  return [
    svg("defs", {}, hatchPattern(hatchId)),
    extent(numbers, scale),
    axes(numbers, scale, width, clock),
    ...numbers.gaps.map((gap) => gapBand(gap, scale, hatchId)),
    ...numbers.members.slice(0, 5).map((member) =>
      svg("path", { class: "curve-member", d: steps(numbers, scale, member.score) })),
    svg("path", { class: "curve-area", d: area(numbers, scale) }),
    svg("path", { class: "curve-line", d: steps(numbers, scale, numbers.scores) }),
    levels(numbers, scale),
    ...limits(numbers, scale, width),
    ...marks(numbers, scale),
  ];
}

/** The reader's mark at a patch. */
export function cursor(numbers, scale, index) {
  const x = scale.x(numbers.atMs[index] + numbers.patchMs / 2);
  const y = scale.score(numbers.scores[index]);
  return svg("g", { class: "curve-cursor" },
    svg("line", { x1: x, x2: x, y1: TOP, y2: BOTTOM }), svg("circle", { cx: x, cy: y, r: 4.5 }));
}

function extent(numbers, scale) {
  const x = scale.x(numbers.onsetMs);
  const width = Math.max(1, scale.x(numbers.offsetMs) - x);
  return svg("rect", { class: "curve-extent", x, width, y: TOP, height: SCORE_HEIGHT });
}

function axes(numbers, scale, width, clock) {
  const group = svg("g", { class: "curve-axes" });
  for (const value of [0, 0.25, 0.5, 0.75, 1]) {
    const y = scale.score(value);
    group.append(svg("line", { x1: LEFT, x2: width - RIGHT, y1: y, y2: y }));
    if (value * 2 === Math.round(value * 2)) {
      group.append(svg("text", { x: LEFT - 7, y: y + 4, "text-anchor": "end" }, String(value)));
    }
  }
  const { stepS, ticks } = timeTicks(
    numbers.fromMs, numbers.toMs, Math.max(2, Math.floor((width - LEFT - RIGHT) / TICK_WIDTH)));
  for (const tick of ticks) {
    const x = scale.x(tick);
    group.append(svg("line", { x1: x, x2: x, y1: BOTTOM, y2: BOTTOM + 4 }));
    group.append(svg("text", { x, y: BOTTOM + 18, "text-anchor": "middle" }, clock(tick, stepS)));
  }
  group.append(
    svg("line", { x1: LEFT, x2: width - RIGHT, y1: BOTTOM, y2: BOTTOM }),
    svg("text", { x: LEFT - 7, y: LEVEL_TOP + 10, "text-anchor": "end" }, "0"),
    svg("text", { x: LEFT - 7, y: BOTTOM, "text-anchor": "end" }, String(FLOOR_DBFS).replace("-", "−")),
    svg("text", { x: width - RIGHT + 8, y: BOTTOM - LEVEL_HEIGHT / 2 + 4 }, "dBFS"),
  );
  return group;
}

function gapBand(gap, scale, hatchId) {
  const x = scale.x(gap.fromMs);
  const width = Math.max(2, scale.x(gap.toMs) - x);
  const place = { class: "curve-gap", x, width, y: TOP, height: BOTTOM - TOP };
  const words = gap.reason ? `not heard: ${gap.reason}` : "not heard";
  return svg("rect", { ...place, fill: `url(#${hatchId})` }, svg("title", {}, words));
}

function steps(numbers, scale, values) {
  const path = ([from, to]) => stairs(boxes(numbers, scale, from, to, (i) => scale.score(values[i])));
  return numbers.runs.map(path).join("");
}

function area(numbers, scale) {
  const close = ([from, to]) => {
    const line = stairs(boxes(numbers, scale, from, to, (i) => scale.score(numbers.scores[i])));
    const left = scale.x(numbers.atMs[from]);
    return `${line}V${scale.score(0)}H${left}Z`;
  };
  return numbers.runs.map(close).join("");
}

function boxes(numbers, scale, from, to, y) {
  const left = (i) => scale.x(numbers.atMs[i]);
  const right = (i) => (i + 1 < to ? left(i + 1) : scale.x(numbers.atMs[i] + numbers.patchMs));
  return Array.from({ length: to - from }, (_, k) => [left(from + k), right(from + k), y(from + k)]);
}

function levels(numbers, scale) {
  const bars = numbers.levels.map((dbfs, i) => {
    const left = scale.x(numbers.atMs[i]);
    const width = scale.x(numbers.atMs[i] + numbers.patchMs) - left;
    return `M${left} ${BOTTOM}V${scale.level(dbfs)}h${Math.max(0.5, width - 1)}V${BOTTOM}Z`;
  });
  return svg("path", { class: "curve-level", d: bars.join("") });
}

function limits(numbers, scale, width) {
  const { on, off } = numbers;
  if (on === null || off === null) return [];
  const apart = Math.max(0, LABEL_HEIGHT - (scale.score(off) - scale.score(on))) / 2;
  const limit = (name, value, shift) => {
    const y = scale.score(value);
    return svg("g", { class: `curve-limit curve-limit-${name}` },
      svg("line", { x1: LEFT, x2: width - RIGHT, y1: y, y2: y }),
      svg("text", { x: width - RIGHT + 8, y: y + 4 + shift }, `${name} ${value.toFixed(2)}`));
  };
  return [limit("on", on, -apart), limit("off", off, apart)];
}

function marks(numbers, scale) {
  const mark = (name, moment, anchor, shift) => {
    const x = scale.x(moment);
    return svg("g", { class: "curve-mark" },
      svg("line", { x1: x, x2: x, y1: TOP - 4, y2: BOTTOM }),
      svg("text", { x: x + shift, y: TOP - 9, "text-anchor": anchor }, name));
  };
  const isNarrow = scale.x(numbers.offsetMs) - scale.x(numbers.onsetMs) < 80;
  const start = mark("began", numbers.onsetMs, isNarrow ? "end" : "start", isNarrow ? -2 : 0);
  const end = numbers.hasEnded ? "ended" : "goes on";
  return [start, mark(end, numbers.offsetMs, isNarrow ? "start" : "end", isNarrow ? 2 : 0)];
}
