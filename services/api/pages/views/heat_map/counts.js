// Counts by hour and label as a heat map shows them: in an order, with a level of colour each.

/** Levels of colour, from 1; 0 is none. */
export const NUM_LEVELS = 5;

/**
 * Returns the rows in the order of the taxonomy; what it does not know comes last, by name.
 *
 * @param {Array<{label: string, counts: number[], total: number}>} counted
 * @param {Array<{label: string, category: string}>} known
 * @returns {Array<{label: string, category: string, counts: number[], total: number}>}
 */
export function ordered(counted, known) {
  const places = new Map(known.map(({ label, category }, place) => [label, { place, category }]));
  return counted
    .map((row) => ({ ...row, ...(places.get(row.label) ?? { place: known.length, category: "other" }) }))
    .sort((a, b) => a.place - b.place || (a.label < b.label ? -1 : 1))
    .map(({ place, ...row }) => row);
}

/**
 * Returns the level of a count: by its square root, so that the few are told apart from none.
 *
 * @param {number} count
 * @param {number} most The highest count of the map.
 */
export function levelOf(count, most) {
  if (count <= 0) return 0;
  return Math.min(NUM_LEVELS, Math.max(1, Math.ceil(NUM_LEVELS * Math.sqrt(count / most))));
}

/** Returns the counts that each level stands for, those that no count can have left out. */
export function levelRanges(most) {
  const ranges = [];
  for (let level = 1; level <= NUM_LEVELS; level += 1) {
    const bound = (each) => Math.floor(most * (each / NUM_LEVELS) ** 2 + 1e-9);
    const [from, to] = [bound(level - 1) + 1, bound(level)];
    if (from <= to) ranges.push({ level: levelOf(to, most), from, to });
  }
  return ranges;
}

/** Returns the sums of all rows, hour by hour. */
export function hourTotals(rows, numHours) {
  return Array.from({ length: numHours }, (_, hour) => rows.reduce((sum, row) => sum + row.counts[hour], 0));
}

/** Returns the position of the highest value; -1 when all are 0. */
export function busiest(totals) {
  const most = Math.max(0, ...totals);
  return most ? totals.indexOf(most) : -1;
}
