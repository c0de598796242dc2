// Every sound event in JavaScript: Node 18 or later, and nothing to install.
//
//   node examples/03_consumer.mjs [POSITION_FILE]
//
// Follows the live feed, comes back by itself, and remembers where it was: nothing is missed that
// the stream still keeps, and an event is handled again only if we ended before noting it.

import { readFile, rename, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const api = process.env.EARSHOT_API_URL ?? "http://127.0.0.1:8080";
const token = process.env.EARSHOT_API_TOKEN;
const file = process.argv[2] ?? "earshot-position";
let lastId = await readFile(file, "utf8").catch(() => ""); // at first: from now on

function handle(event) {
  // `event.id` is the same each time this revision comes: do nothing twice with it.
  const { device_id, label, state, peak_score } = event.data;
  console.log(`${event.id} ${device_id}: ${label} ${state} ${peak_score.toFixed(2)}`);
}

async function receive(message) {
  const field = (name) => message.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
  if (field("event") === "sound") handle(JSON.parse(field("data")));
  if (field("event") === "reset") console.error("some events are gone:", field("data"));
  if (!field("id")) return;
  lastId = field("id");
  await writeFile(`${file}.new`, lastId);
  await rename(`${file}.new`, file);
}

async function follow() {
  const headers = {};
  if (lastId) headers["Last-Event-ID"] = lastId;
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(`${api}/v1/stream?min_score=0.5`, { headers });
  if (!answer.ok) throw new Error(`${answer.status}: ${(await answer.json()).detail}`);
  let text = "";
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const messages = (text + part).split("\n\n"); // an empty line ends a message
    text = messages.pop();
    for (const message of messages) await receive(message);
  }
}

for (;;) {
  await follow().catch((error) => console.error(`${error.message}; trying again`));
  await sleep(1000);
}
