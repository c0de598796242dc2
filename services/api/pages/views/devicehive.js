// DeviceHive: not a part of this version, which this page says; and how events get out today.

import { h, link } from "../dom.js";
import { codeBlock } from "./devicehive/code_block.js";

export const title = "DeviceHive";

/** Mounts the view. */
export function mount(root, context) {
  const origin = location.origin;
  const ways = [
    way("Ask for them", "REST: the newest events, filtered, as JSON, CSV or NDJSON.",
      `curl '${origin}/v1/events?category=safety&limit=10'`),
    way("Follow them", "Server-sent events: each revision as soon as it is stored. Who comes back with the last id misses none.",
      `curl -N '${origin}/v1/stream?label=Smoke%20alarm&min_score=0.5'`),
    way("Read the stream", "Redis or Valkey: CloudEvents as JSON, in the field “body” of each entry.",
      "redis-cli -u \"$EARSHOT_REDIS_URL\" XREAD BLOCK 0 STREAMS earshot:v1:events '$'"),
    way("Write a consumer", "Python: a group of its own sees each event, and goes on where it was.", CONSUMER),
  ];
  root.append(
    h("section", { class: "card", "aria-labelledby": "devicehive-said" },
      h("div", { class: "card-body stack prose" },
        h("h2", { id: "devicehive-said" }, "Nothing is forwarded to DeviceHive yet"),
        h("p", {}, "This version of Earshot does not connect to DeviceHive: there is nothing to set up here, and no event is sent there. ",
          "A later version will put its connection and its settings on this page."),
        h("p", {}, "Events leave in the ways below today. Each carries an id made of the event's id and its revision, so that a receiver can tell what it has seen. ",
          link("/openapi.json", { target: "_blank" }, "The whole API as OpenAPI")))),
    h("div", { class: "ways" }, ways.map(({ name, text, code }, i) =>
      h("section", { class: "card", "aria-labelledby": `way-${i}` },
        h("header", { class: "card-head" }, h("h2", { id: `way-${i}` }, name)),
        h("div", { class: "card-body stack" }, h("p", { class: "muted" }, text), codeBlock(code, name, context.announce))))),
  );
}

const CONSUMER = `from earshot.streams import consumer
from earshot.topics import EVENTS

@consumer(EVENTS, group="my-consumer")
def show(event):
    print(event.device_id, event.label, event.state)

show.run()`;

function way(name, text, code) {
  return { name, text, code };
}
