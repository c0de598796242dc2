// What is hatched was not heard: a pattern of slanting lines, for those who cannot tell its colour.

import { svg } from "../dom.js";

/** Returns the pattern, to be put into `defs` and used as `url(#id)`. */
export function hatchPattern(id) {
  const line = svg("line", { class: "hatch-line", x1: 0, y1: 0, x2: 0, y2: 6 });
  const size = { width: 6, height: 6, patternUnits: "userSpaceOnUse" };
  return svg("pattern", { id, ...size, patternTransform: "rotate(45)" }, line);
}
