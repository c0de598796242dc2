import assert from "node:assert/strict";
import { test } from "node:test";

import { addDays, isDay, span } from "../../../../services/api/pages/day.js";
import { busiest, hourTotals, levelOf, levelRanges, ordered } from "../../../../services/api/pages/views/heat_map/counts.js";

const HOUR_MS = 3600e3;
const hoursOf = (day) => (span(day).to - span(day).from) / HOUR_MS;

test("days follow the reader's clock", () => {  // the zone is Europe/Berlin: see test_pages.py
  assert.deepEqual([hoursOf("2026-03-29"), hoursOf("2026-05-01"), hoursOf("2026-10-25")], [23, 24, 25]);
  assert.equal(span("2026-05-01").from.toISOString(), "2026-04-30T22:00:00.000Z");
});

test("days are counted over months, years and changes of the clock", () => {
  assert.equal(addDays("2026-01-01", -1), "2025-12-31");
  assert.equal(addDays("2026-03-28", 1), "2026-03-29");
  assert.equal(addDays("2024-02-28", 1), "2024-02-29");
});

test("only days that there are pass", () => {
  assert.ok(isDay("2026-05-01"));
  for (const text of [null, "", "2026-02-30", "2026-5-1", "0001-01-01", "<b>", "2026-05-01T00:00"]) assert.ok(!isDay(text), text);
});

test("rows follow the taxonomy, strangers by name at the end", () => {
  const row = (label) => ({ label, counts: [1], total: 1 });
  const rows = ordered([row("Zebra"), row("Dog"), row("Aardvark"), row("Siren")], [{ label: "Siren", category: "safety" }, { label: "Dog", category: "animal" }]);
  assert.deepEqual(rows.map(({ label }) => label), ["Siren", "Dog", "Aardvark", "Zebra"]);
  assert.deepEqual(rows.map(({ category }) => category), ["safety", "animal", "other", "other"]);
});

test("none has no colour, one has the least, the most has all of it", () => {
  assert.equal(levelOf(0, 10), 0);
  assert.equal(levelOf(1, 100), 1);
  assert.equal(levelOf(100, 100), 5);
  assert.equal(levelOf(1, 1), 5);
});

test("each count is within the range of its level, for any highest count", () => {
  for (let most = 1; most < 300; most += 1) {
    const ranges = levelRanges(most);
    assert.deepEqual([ranges[0].from, ranges.at(-1).to], [1, most]);
    for (let count = 1; count <= most; count += 1) {
      const range = ranges.find(({ from, to }) => from <= count && count <= to);
      assert.equal(range?.level, levelOf(count, most), `${count} of ${most}`);
    }
  }
});

test("hours are summed, and the first of the busiest is found", () => {
  const totals = hourTotals([{ counts: [1, 0, 2] }, { counts: [1, 0, 0] }], 3);
  assert.deepEqual(totals, [2, 0, 2]);
  assert.equal(busiest(totals), 0);
  assert.equal(busiest([0, 0]), -1);
});
