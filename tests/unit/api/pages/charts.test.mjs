import assert from "node:assert/strict";
import { test } from "node:test";

import { coverageText, heardShare, stretchText } from "../../../../services/api/pages/charts/coverage/words.js";
import { curveNumbers, indexAt, patchAt } from "../../../../services/api/pages/charts/curve/numbers.js";
import { patchText } from "../../../../services/api/pages/charts/curve/words.js";
import { lastAtOrBelow, linear, runs, stairs, timeTicks } from "../../../../services/api/pages/charts/scale.js";

const CURVE = {
  patch_s: 0.96,
  at: ["2026-05-01T03:12:06.080Z", "2026-05-01T03:12:07.040Z", "2026-05-01T03:12:12.000Z"],
  score: [0.1, 0.9, 0.4],
  level_dbfs: [-52.14, -21.44, -130],
  members: [{ class: "Fire alarm", score: [0.1, 0.2, 0.4] }, { class: "Smoke detector", score: [0, 0.9, 0] }],
  gaps: [{ from: "2026-05-01T03:12:08.000Z", to: "2026-05-01T03:12:12.000Z" }],
};
const THRESHOLDS = [{ name: "on_score", value: 0.5 }, { name: "off_score", value: 0.3 }];
const EVENT = { onset_at: "2026-05-01T03:12:07.040Z", offset_at: "2026-05-01T03:12:14.000Z", state: "ended" };

test("a scale takes ends to ends, and an empty span to its start", () => {
  assert.equal(linear(0, 10, 100, 200)(5), 150);
  assert.equal(linear(3, 3, 7, 9)(3), 7);
});

test("ticks stand at round times, no more than asked for", () => {
  const from = Date.parse("2026-05-01T03:12:06.080Z");
  const { stepS, ticks } = timeTicks(from, from + 60_000, 8);
  assert.equal(stepS, 10);
  assert.equal(new Date(ticks[0]).toISOString(), "2026-05-01T03:12:10.000Z");
  assert.ok(ticks.length <= 8);
});

test("a curve is cut where patches are missing", () => {
  assert.deepEqual(runs([0, 960, 1920, 9600], 960), [[0, 3], [3, 4]]);
  assert.deepEqual(runs([], 960), []);
});

test("stairs hold each value for its patch", () => {
  assert.equal(stairs([[0, 10, 5], [10, 20, 1]]), "M0 5H10L10 1H20");
});

test("a moment belongs to the patch that began last", () => {
  assert.deepEqual([-1, 0, 5, 99].map((value) => lastAtOrBelow([0, 5, 10], value)), [0, 0, 1, 2]);
});

test("a curve reaches from the first patch to the end of the event", () => {
  const numbers = curveNumbers(CURVE, THRESHOLDS, EVENT);
  assert.equal(numbers.fromMs, Date.parse(CURVE.at[0]));
  assert.equal(numbers.toMs, Date.parse(EVENT.offset_at));
  assert.deepEqual([numbers.on, numbers.off], [0.5, 0.3]);
  assert.deepEqual(numbers.runs, [[0, 2], [2, 3]]);
  assert.equal(indexAt(numbers, Date.parse("2026-05-01T03:12:09Z")), 1);
});

test("a patch says its side of the thresholds and the classes behind it", () => {
  const numbers = curveNumbers(CURVE, THRESHOLDS, EVENT);
  assert.deepEqual([0, 1, 2].map((i) => patchAt(numbers, i).side), ["off", "on", "between"]);
  assert.match(patchText(numbers, 1), / · score 0\.90, on · −21\.4 dBFS · Smoke detector 0\.90, Fire alarm 0\.20$/);
  assert.match(patchText(numbers, 2), / · silence · /);
});

test("without thresholds no side is claimed", () => {
  assert.equal(patchAt(curveNumbers(CURVE, [], EVENT), 1).side, "");
});

test("a stretch says when, what, how long and why", () => {
  const stretch = { from: "2026-05-01T03:12:00Z", to: "2026-05-01T03:40:00Z", kind: "lost", reason: "source_gone" };
  assert.match(stretchText(stretch), /:12 to \d\d:40, lost for 28 min 0 s \(source gone\)$/);
});

test("nothing but all of it is 100 %", () => {
  const day = { from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" };
  assert.equal(heardShare({ ...day, heard_s: 86_400, silent_s: 0 }), "100 %");
  assert.equal(heardShare({ ...day, heard_s: 86_300, silent_s: 0 }), "99 %");
  assert.equal(heardShare({ ...day, heard_s: 0, silent_s: 0 }), "0 %");
});

test("sums are told when there are any", () => {
  assert.equal(coverageText({ heard_s: 3600, silent_s: 0, lost_s: 2, unknown_s: 0 }), "heard 1 h 00 min, lost 2.0 s");
  assert.equal(coverageText({}), "nothing is known");
});
