// Events as they start, go on and end.

import { isAbort } from "../../api.js";
import { button, emptyState, errorBox, h, link, loading } from "../../dom.js";
import { Revisions } from "../../revisions.js";
import { EventLists } from "./event_lists.js";

const NUM_LATEST = 40;
const NUM_RUNNING = 200;
const SAID_EVERY_MS = 5000;

/** The section. `start` begins anew, with other filters or the same. */
export class EventSection {
  #context;
  #filters = {};
  #revisions = new Revisions();
  #lists = new EventLists();
  #unsubscribe = () => {};
  #controller = new AbortController();
  #note = h("div");
  #saidMs = -SAID_EVERY_MS;
  #isLoaded = false;

  constructor(context) {
    this.#context = context;
    this.element = h(
      "section",
      { class: "live-events card", "aria-labelledby": "events-title" },
      h("div", { class: "card-head" }, h("h2", { id: "events-title" }, "Events"), link("/events", { class: "small" }, "All events")),
      this.#note,
      this.#lists.element,
    );
  }

  /** @param {{device: string, label: string}} filters Empty: all. */
  start(filters) {
    this.stop();
    this.#filters = filters;
    this.#revisions = new Revisions();
    this.#controller = new AbortController();
    this.#isLoaded = false;
    this.#lists.clear();
    this.#say(loading("Loading events…"));
    this.#lists.start(() => this.#context.api.nowMs());
    const { signal } = this.#controller;
    // The list first: what can be seen at once need not wait for a connection that stays open.
    this.#load().then(() => signal.aborted || this.#follow());
  }

  /** Ends the following. */
  stop() {
    this.#unsubscribe();
    this.#controller.abort();
    this.#lists.stop();
  }

  #follow() {
    let isFirstOpen = true;
    this.#unsubscribe = this.#context.feed.subscribe(this.#filters, {
      onEvent: (event) => this.#take(event, true),
      // What was committed between the list and the feed is in the list of now.
      onState: (state) => state === "open" && isFirstOpen && ((isFirstOpen = false), this.#load()),
      onReset: () => this.#load(),
      onError: (error) => this.#say(errorBox(error)),
    });
  }

  async #load() {
    const { signal } = this.#controller;
    const { api } = this.#context;
    try {
      const [latest, running] = await Promise.all([
        api.get("/v1/events", { ...this.#filters, limit: NUM_LATEST }, signal),
        api.get("/v1/events", { ...this.#filters, state: ["started", "updated"], limit: NUM_RUNNING }, signal),
      ]);
      this.#isLoaded = true;
      for (const event of [...latest.events, ...running.events]) this.#take(event, false);
      await this.#settle(new Set(running.events.map((event) => event.event_id)), signal);
      this.#drawNote();
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#say(errorBox(error, () => this.start(this.#filters)));
    }
  }

  /** Asks after what is drawn as running and is not: it ended unseen, too long ago for the latest. */
  async #settle(running, signal) {
    for (const id of this.#lists.runningIds.filter((each) => !running.has(each))) {
      try {
        this.#take(await this.#context.api.get(`/v1/events/${id}`, {}, signal), false);
      } catch (error) {
        if (error.status !== 404) throw error;
        this.#lists.remove(id); // forgotten
      }
    }
  }

  #take(event, isNews) {
    if (event.suppressed_by || event.category === "scene" || !this.#revisions.take(event)) {
      if (event.suppressed_by) this.#lists.remove(event.event_id);
      return;
    }
    this.#lists.put(event);
    this.#drawNote();
    if (isNews) this.#tell(event);
  }

  /** A screen reader is told of what is severe, and not of everything at once. */
  #tell({ state, priority, label, device_id: device }) {
    const nowMs = performance.now();
    const isSevere = priority === "critical" || priority === "high";
    if (state !== "started" || !isSevere || nowMs - this.#saidMs < SAID_EVERY_MS) return;
    this.#saidMs = nowMs;
    this.#context.announce(`${label}, ${device}`);
  }

  #drawNote() {
    if (!this.#isLoaded) return;
    this.#say(this.#lists.isEmpty ? this.#nothing() : null);
  }

  #nothing() {
    const { device, label } = this.#filters;
    if (!device && !label) return emptyState("No events yet", "They appear here as they happen.");
    const all = button("All devices and labels", () => this.#context.navigate("/live"));
    return emptyState("No such events yet", [label, device].filter(Boolean).join(" at "), all);
  }

  #say(element) {
    this.#note.replaceChildren(...(element ? [element] : []));
  }
}
