// The last ten predictions: when, where, and the highest classes with their scores.

import { scoreText } from "../../badges.js";
import { levelText } from "../../charts/meter.js";
import { h, link, timeElement } from "../../dom.js";
import { one } from "../../routes.js";
import { clock } from "../../time.js";

const FAINT = 0.05; // a class below it is not worth a word, unless it is the first
const COLUMNS = ["Time", "Device", "Sounds like", "Level"];

/** A table that is drawn again as a whole: each of its rows is new. */
export class LastPredictions {
  element;
  #body = h("tbody");
  #shown = "";

  constructor() {
    this.element = h(
      "section",
      { class: "live-last", "aria-labelledby": "last-title", hidden: true },
      h("div", { class: "section-head" }, h("h2", { id: "last-title" }, "Last ten predictions")),
      h(
        "div",
        { class: "card table-card" },
        h("table", { class: "last-table" }, h("thead", {}, h("tr", {}, COLUMNS.map((name) => h("th", { scope: "col" }, name)))), this.#body),
      ),
    );
  }

  /** @param {object[]} predictions `LastPrediction`s, newest first. */
  update(predictions) {
    const text = JSON.stringify(predictions);
    if (text === this.#shown || document.hidden) return;
    this.#shown = text;
    this.element.hidden = predictions.length === 0;
    this.#body.replaceChildren(...predictions.map(row));
  }
}

function row({ device_id: id, at, level_dbfs: dbfs, top }) {
  const worth = top.filter(({ score }, index) => index === 0 || score >= FAINT);
  const classes = worth.map(({ class_name: name, score }, index) =>
    h("li", { class: index === 0 ? "first" : "" }, name, " ", h("span", { class: "muted" }, scoreText(score))),
  );
  return h(
    "tr",
    {},
    h("td", {}, timeElement(at, clock(at))),
    h("td", { class: "device-cell" }, link(one("/devices", id), {}, id)),
    h("td", {}, h("ul", { class: "class-list" }, classes)),
    h("td", { class: "number level-cell" }, levelText(dbfs)),
  );
}
