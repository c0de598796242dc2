import assert from "node:assert/strict";
import { test } from "node:test";

import { apiParams, countFilters, matches, readQuery, streamFilters, writeQuery } from "../../../../services/api/pages/views/events/query.js";

const NOW_MS = Date.parse("2026-05-01T12:00:00Z");
const EVENT = {
  device_id: "kitchen", site: "Home", label: "Smoke alarm", category: "safety", priority: "critical", state: "ended",
  onset_at: "2026-05-01T11:30:00.000000Z", offset_at: "2026-05-01T11:30:24.000000Z", peak_score: 0.9, suppressed_by: "",
};

const asked = (text) => readQuery(new URLSearchParams(text));
const fits = (text, fields = {}) => matches({ ...EVENT, ...fields }, asked(text), NOW_MS);

test("an address survives reading and writing", () => {
  const text = "label=Smoke+alarm&device=a&device=b&state=started&text=%3Cb%3E&min_score=0.5&last=24h&suppressed=any";
  assert.equal(writeQuery(asked(text)).toString(), text);
});

test("what asks for nothing is left out of the address", () => {
  assert.equal(writeQuery(asked("suppressed=no&text=&device=&last=99y&unknown=1")).toString(), "");
});

test("a value counts once however often it is given", () => {
  assert.deepEqual(asked("device=a&device=a").device, ["a"]);
});

test("a range that ends now becomes a moment for the api alone", () => {
  const params = apiParams(asked("last=1h&label=Dog"), NOW_MS);
  assert.equal(params.toString(), "label=Dog&from=2026-05-01T11%3A00%3A00.000Z");
});

test("moments win over a range", () => {
  assert.equal(asked("last=1h&to=2026-05-01T00:00:00Z").last, "");
});

test("the feed is asked for all but state, score and time", () => {
  const query = asked("device=a&state=ended&text=alarm&min_score=0.5&last=1h&tag=indoor");
  assert.deepEqual(streamFilters(query), { device: ["a"], tag: ["indoor"], text: "alarm" });
});

test("an event fits when each facet has its value", () => {
  assert.ok(fits(""));
  assert.ok(fits("device=kitchen&device=hall&site=Home&category=safety"));
  assert.ok(!fits("device=hall"));
  assert.ok(!fits("state=started&state=updated"));
  assert.ok(fits("tag=indoor"), "the feed has looked at tags");
});

test("text is found in label, device and site in either case", () => {
  for (const text of ["SMOKE", "itch", "home"]) assert.ok(fits(`text=${text}`), text);
  assert.ok(!fits("text=garden"));
});

test("an event fits into a time that it touches", () => {
  assert.ok(fits("last=1h"));
  assert.ok(!fits("last=1h", { offset_at: "2026-05-01T11:00:00Z", onset_at: "2026-05-01T10:59:00Z" }));
  assert.ok(fits("from=2026-05-01T11:30:10Z"));
  assert.ok(!fits("from=2026-05-01T11:30:24Z"));
  assert.ok(fits("from=2026-05-01T11:30:24Z", { state: "updated" }), "it still lasts");
  assert.ok(!fits("to=2026-05-01T11:30:00Z"));
  assert.ok(fits("to=2026-05-01T11:30:01Z"));
});

test("score and suppression decide, too", () => {
  assert.ok(fits("min_score=0.9"));
  assert.ok(!fits("min_score=0.91"));
  assert.ok(!fits("", { suppressed_by: "x" }));
  assert.ok(fits("suppressed=any", { suppressed_by: "x" }));
  assert.ok(!fits("suppressed=only"));
});

test("a span of time counts as one filter", () => {
  assert.equal(countFilters(asked("")), 0);
  assert.equal(countFilters(asked("from=a&to=b&device=x&device=y")), 2);
});
