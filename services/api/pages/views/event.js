// One event: what is known of it, its score curve, and why it is an event.

import { isAbort } from "../api.js";
import { card } from "../card.js";
import { scoreCurve } from "../charts/curve.js";
import { emptyState, errorBox, h, link, loading } from "../dom.js";
import { one } from "../routes.js";
import { loadNeighbours, neighbourList, revisionTable } from "./event/around.js";
import { facts, lead } from "./event/facts.js";
import { noteList, reasonList, thresholdTable } from "./event/why.js";

export const title = "Event";

const TOGETHER_MS = 500;  // revisions that come together are read once

/** Mounts the view. */
export function mount(root, context) {
  const view = new EventView(root, context);
  return () => view.leave();
}

class EventView {
  #chart = null;
  #unfollow = null;
  #timer = 0;
  #revision = 0;

  constructor(root, context) {
    this.context = context;
    this.root = root;
    this.path = one("/v1/events", context.params.id);
    this.parts = Object.fromEntries(["lead", "curve", "why", "thresholds", "facts", "around", "revisions"]
      .map((name) => [name, h("div", { class: name === "lead" ? "" : "card-body" })]));
    const { lead: head, curve, why, thresholds, facts: known, around, revisions } = this.parts;
    this.page = h("div", { class: "event-page" }, head,
      h("div", { class: "event-columns" },
        h("div", { class: "stack" }, card("Score", curve), card("What happened", why), card("Settings that decide", thresholds)),
        h("div", { class: "stack" }, card("Facts", known), card("Around it, at this device", around), card("Revisions", revisions))));
    root.append(loading());
    this.#load();
  }

  leave() {
    clearTimeout(this.#timer);
    this.#unfollow?.();
    this.#chart?.close();
  }

  async #load() {
    const { api, signal } = this.context;
    try {
      const event = await api.get(this.path, {}, signal);
      this.#show(event);
      await Promise.all([this.#explain(event), this.#lookAround(event)]);
    } catch (error) {
      if (isAbort(error)) return;
      const box = errorBox(error, () => this.#load());
      if (this.page.isConnected) this.parts.lead.append(box);
      else this.root.replaceChildren(box, h("p", { class: "back" }, link("/events", {}, "All events")));
    }
  }

  #show(event) {
    this.#revision = event.revision;
    this.context.setTitle(event.label);
    if (!this.page.isConnected) this.root.replaceChildren(this.page);
    this.parts.lead.replaceChildren(lead(event));
    this.parts.facts.replaceChildren(facts(event));
    this.parts.revisions.replaceChildren(revisionTable(event.revisions));
    this.#unfollow ??= this.#follow(event);
  }

  /** An event that has ended may still change: what suppresses it may turn out later. */
  #follow({ device_id: device, label }) {
    const again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#load(), TOGETHER_MS);
    };
    return this.context.feed.subscribe({ device, label }, {
      onEvent: (event) => event.event_id === this.context.params.id && event.revision > this.#revision && again(),
      onReset: again,
    });
  }

  async #explain(event) {
    const { curve, why, thresholds } = this.parts;
    try {
      const said = await this.context.api.get(`${this.path}/explain`, {}, this.context.signal);
      this.#drawCurve(said, event);
      why.replaceChildren(reasonList(said.reasons), ...[noteList(said.notes ?? [])].filter(Boolean));
      thresholds.replaceChildren(said.thresholds.length ? thresholdTable(said.thresholds)
        : h("p", { class: "muted" }, "The taxonomy in force has no such label any more."));
    } catch (error) {
      if (isAbort(error)) throw error;
      for (const part of [curve, why, thresholds]) part.replaceChildren(h("p", { class: "muted" }, "No explanation."));
      why.replaceChildren(errorBox(error, () => this.#load()));
    }
  }

  #drawCurve(said, event) {
    if (!said.curve) {
      this.#chart?.close();
      this.#chart = null;
      this.parts.curve.replaceChildren(emptyState("No score curve", sentence(said.curve_missing_because)));
    } else if (this.#chart) {
      this.#chart.update(said.curve, said.thresholds, event);
    } else {
      this.#chart = scoreCurve(said.curve, said.thresholds, event);
      this.parts.curve.replaceChildren(this.#chart.element);
    }
  }

  async #lookAround(event) {
    const { around } = this.parts;
    try {
      around.replaceChildren(neighbourList(await loadNeighbours(this.context.api, event, this.context.signal), event));
    } catch (error) {
      if (isAbort(error)) throw error;
      around.replaceChildren(errorBox(error, () => this.#load()));
    }
  }
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
