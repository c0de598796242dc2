// How each label of a device stands, and why it is no event: the api's own sentence.

import { Bar } from "../../charts/bars.js";
import { categoryMark } from "../../badges.js";
import { h, link, setText } from "../../dom.js";
import { one } from "../../routes.js";

const STANDINGS = {
  running: "Event",
  ending: "Ending",
  masked: "Masked",
  suppressed: "Suppressed",
  short: "Too short",
  counting: "Counting",
  below: "Below",
  quiet: "Quiet",
};
const RANKS = Object.keys(STANDINGS);
const NUM_SHOWN = 2; // of those that are not quiet; all of them are one click away

/** The labels that matter now, and behind a fold all of them. */
export class LabelRows {
  element;
  #near = h("ul", { class: "label-rows", "aria-label": "Labels" });
  #none = h("p", { class: "muted small no-label", hidden: true }, "No label is near an event.");
  #all = h("ul", { class: "label-rows", "aria-label": "All labels" });
  #summary = h("summary", {}, "All labels");
  #fold;
  #rows = new Map();
  #allRows = new Map();
  #last = null;

  constructor() {
    this.#fold = h("details", { class: "all-labels", on: { toggle: () => this.#last && this.update(...this.#last) } }, this.#summary, this.#all);
    this.element = h("div", { class: "device-labels" }, this.#near, this.#none, this.#fold);
  }

  /** @param {object[]} labels `LabelHearing`s. @param {object} show See `DeviceCard.update`. */
  update(labels, show) {
    this.#last = [labels, show];
    const near = show.label
      ? labels.filter(({ label }) => label === show.label)
      : labels.filter(({ standing }) => standing !== "quiet").sort(byWeight).slice(0, NUM_SHOWN);
    draw(this.#near, this.#rows, near, show.categories);
    this.#none.hidden = near.length > 0 || labels.length === 0;
    this.#fold.hidden = labels.length === 0 || Boolean(show.label);
    setText(this.#summary, `All ${labels.length} labels`);
    if (this.#fold.open) draw(this.#all, this.#allRows, labels, show.categories);
  }
}

function byWeight(one, other) {
  return RANKS.indexOf(one.standing) - RANKS.indexOf(other.standing) || (other.score ?? 0) - (one.score ?? 0);
}

function draw(list, rows, labels, categories) {
  const wanted = labels.map((label) => {
    if (!rows.has(label.label)) rows.set(label.label, new LabelRow(label.label));
    const row = rows.get(label.label);
    row.update(label, categories.get(label.label));
    return row.element;
  });
  const isSame = list.childElementCount === wanted.length && wanted.every((each, index) => list.children[index] === each);
  if (!isSame) list.replaceChildren(...wanted);
}

class LabelRow {
  element;
  #mark = h("span", { class: "label-mark" });
  #category;
  #name = h("span", { class: "label-name" });
  #bar = new Bar();
  #chip = h("span", { class: "standing" });
  #sentence = h("p", { class: "muted small" });
  #href = "";

  constructor(label) {
    setText(this.#name, label);
    this.element = h("li", { class: "label-row" }, this.#mark, this.#name, this.#chip, this.#sentence, this.#bar.element);
  }

  update({ standing, sentence, score, on_score: onScore, event_id: eventId }, category) {
    this.element.dataset.standing = standing;
    if (category !== this.#category) this.#mark.replaceChildren(categoryMark((this.#category = category)));
    this.#bar.update(score, onScore);
    this.#drawChip(STANDINGS[standing] ?? standing, eventId);
    setText(this.#sentence, sentence);
  }

  #drawChip(text, eventId) {
    const href = eventId ? one("/events", eventId) : "";
    if (href === this.#href && this.#chip.textContent === text) return;
    this.#href = href;
    this.#chip.replaceChildren(href ? link(href, {}, text) : text);
  }
}
