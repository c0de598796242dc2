// Scales and ticks of charts: numbers in, numbers out.

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];

/** Returns the function that takes [from, to] to [start, end], and beyond. */
export function linear(from, to, start, end) {
  const factor = to === from ? 0 : (end - start) / (to - from);
  return (value) => start + (value - from) * factor;
}

/**
 * Returns moments to label, at round times of the reader's clock.
 *
 * @param {number} fromMs
 * @param {number} toMs
 * @param {number} maxTicks The step is the smallest round one that gives no more.
 * @returns {{stepS: number, ticks: number[]}} Moments in milliseconds.
 */
export function timeTicks(fromMs, toMs, maxTicks) {
  const spanS = (toMs - fromMs) / 1000;
  const stepS = STEPS_S.find((step) => spanS / step <= maxTicks) ?? STEPS_S.at(-1);
  const zoneS = new Date(fromMs).getTimezoneOffset() * 60;
  const ticks = [];
  for (let at = Math.ceil((fromMs / 1000 - zoneS) / stepS) * stepS + zoneS; at * 1000 <= toMs; at += stepS) {
    ticks.push(at * 1000);
  }
  return { stepS, ticks };
}

/**
 * Cuts a curve where patches are missing.
 *
 * @param {number[]} atMs Where each patch begins, rising.
 * @param {number} patchMs How long one is.
 * @returns {Array<[number, number]>} Index ranges, the second one exclusive.
 */
export function runs(atMs, patchMs) {
  const found = [];
  let start = 0;
  for (let i = 1; i <= atMs.length; i += 1) {
    if (i === atMs.length || atMs[i] - atMs[i - 1] > 1.5 * patchMs) {
      found.push([start, i]);
      start = i;
    }
  }
  return found.filter(([from, to]) => to > from);
}

/**
 * Draws values as stairs: each lasts for its whole patch.
 *
 * @param {Array<[number, number, number]>} steps Left, right and y of each, in pixels.
 * @returns {string} The `d` of an SVG path; empty without steps.
 */
export function stairs(steps) {
  return steps.map(([left, right, y], i) => `${i ? "L" : "M"}${px(left)} ${px(y)}H${px(right)}`).join("");
}

/** Returns the index of the last value that is not above another one; 0 when there is none. */
export function lastAtOrBelow(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

function px(value) {
  return Math.round(value * 10) / 10;
}
