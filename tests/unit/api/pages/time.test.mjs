// Run in the zone Europe/Berlin by test_pages.py.
import assert from "node:assert/strict";
import test from "node:test";

import * as time from "../../../../services/api/pages/time.js";

const MOMENT = "2026-05-01T01:12:07.040000Z";
const MS = Date.parse(MOMENT);

test("moments are told in the reader's zone", () => {
  assert.equal(time.clock(MOMENT), "03:12:07");
  assert.equal(time.day("2026-04-30T22:30:00Z"), "1 May 2026");
  assert.equal(time.isoDay("2026-04-30T22:30:00Z"), "2026-05-01");
  assert.match(time.full(MOMENT), /^Fri, 1 May 2026, 03:12:07 (CEST|GMT\+2)$/);
  assert.match(time.zone(MS), /^Europe\/Berlin/);
});

test("today has no date", () => {
  assert.equal(time.dateTime(MOMENT, MS + 3600_000), "03:12:07");
  assert.equal(time.dateTime(MOMENT, MS + 86400_000), "1 May 2026, 03:12:07");
});

test("durations keep two units at most", () => {
  const told = [0.96, 9.94, 9.96, 59.4, 59.6, 61, 3599.6, 7500, 90061].map(time.duration);
  assert.deepEqual(told, ["1.0 s", "9.9 s", "10 s", "59 s", "1 min 0 s", "1 min 1 s", "1 h 00 min", "2 h 05 min", "1 d 1 h"]);
  assert.equal(time.duration(NaN), "unknown");
});

test("what is past and what is to come", () => {
  const ago = (seconds) => time.relative(MS - seconds * 1000, MS);
  assert.deepEqual([0, 4, 12, 200, 7300, 200000].map(ago), ["just now", "just now", "12 s ago", "3 min ago", "2 h ago", "2 d ago"]);
  assert.equal(ago(-90), "in 1 min");
  assert.equal(time.relative(null, MS), "never");
});
