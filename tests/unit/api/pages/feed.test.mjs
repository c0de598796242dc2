import assert from "node:assert/strict";
import test from "node:test";

import { address } from "../../../../services/api/pages/api.js";
import { EventStreamParser } from "../../../../services/api/pages/event_stream_parser.js";
import { asEvent } from "../../../../services/api/pages/feed.js";
import { Revisions } from "../../../../services/api/pages/revisions.js";

const TEXT = "retry: 1000\n: heartbeat\nid: 1-0\n\nid: 2-0\nevent: sound\ndata: {\"a\":\ndata: 1}\n\n: heartbeat\nid: 7-0\n\ndata:x\r\n\r\nid: 9-0\ndata: never finished";
const MESSAGES = [
  { event: "sound", data: '{"a":\n1}', id: "2-0" },
  { event: "message", data: "x", id: "7-0" },
];

test("a stream is the same wherever it is cut", () => {
  for (let cut = 0; cut <= TEXT.length; cut += 1) {
    const parser = new EventStreamParser("0-0");
    const messages = [...parser.push(TEXT.slice(0, cut)), ...parser.push(TEXT.slice(cut))];
    assert.deepEqual(messages, MESSAGES, `cut at ${cut}`);
    assert.equal(parser.lastId, "7-0", "a block that is not complete does not count");
  }
});

test("a heartbeat moves the id on, and a message without one keeps it", () => {
  const parser = new EventStreamParser("5-0");
  assert.deepEqual(parser.push("data: a\n\n"), [{ event: "message", data: "a", id: "5-0" }]);
  parser.push(": heartbeat\nid: 6-0\n\n");
  assert.equal(parser.lastId, "6-0");
});

test("an event is taken once per revision and never goes back", () => {
  const revisions = new Revisions();
  const taken = [1, 1, 3, 2, 3, 4].map((revision) => revisions.take({ event_id: "a", revision }));
  assert.deepEqual(taken, [true, false, true, false, false, true]);
  assert.equal(revisions.take({ event_id: "b", revision: 1 }), true);
});

test("what is remembered of old events does not grow for ever", () => {
  const revisions = new Revisions();
  for (let number = 0; number <= 20_000; number += 1) revisions.take({ event_id: String(number), revision: 1 });
  assert.equal(revisions.take({ event_id: "0", revision: 1 }), true, "the oldest was forgotten");
  assert.equal(revisions.take({ event_id: "20000", revision: 1 }), false);
});

test("a revision of the stream has the names of the api's events", () => {
  const event = asEvent({ label: "Dog", onset_sample: 16_000, offset_sample: 40_000 });
  assert.deepEqual([event.label, event.onset_s, event.offset_s, event.duration_s], ["Dog", 1, 2.5, 1.5]);
});

test("lists repeat a parameter and what is empty is left out", () => {
  assert.equal(address("/v1/events", { label: ["A b", "C"], device: "", text: null, limit: 5 }), "/v1/events?label=A+b&label=C&limit=5");
  assert.equal(address("/v1/events", new URLSearchParams("a=1")), "/v1/events?a=1");
  assert.equal(address("/v1/events"), "/v1/events");
});
