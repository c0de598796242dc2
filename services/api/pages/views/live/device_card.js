// What one device hears: level, classes, and how each label stands.

import { ScoreBars } from "../../charts/bars.js";
import { LevelMeter } from "../../charts/meter.js";
import { tagBadges } from "../../badges.js";
import { h, link, setText } from "../../dom.js";
import { icon } from "../../icons.js";
import { one } from "../../routes.js";
import { relative } from "../../time.js";
import { LabelRows } from "./label_rows.js";

const STATES = { hearing: "Hearing", silent: "Silent", away: "Away" };

/** A card that is drawn again in place. */
export class DeviceCard {
  element;
  #heard = null;
  #text = "";
  #site = h("span", { class: "muted truncate" });
  #state = h("span", { class: "device-state" });
  #meter = new LevelMeter();
  #bars = new ScoreBars("Highest classes");
  #labels = new LabelRows();
  #scene = h("span", { class: "truncate" });
  #tags = h("span", { class: "row" });
  #note = h("p", { class: "device-note small", hidden: true });

  constructor(id) {
    this.element = h(
      "article",
      { class: "card device-card", "aria-label": id },
      h(
        "header",
        { class: "device-head" },
        h("h3", { class: "truncate" }, link(one("/devices", id), { title: id }, id)),
        this.#site,
        this.#state,
      ),
      this.#meter.element,
      this.#bars.element,
      this.#labels.element,
      this.#note,
      h("footer", { class: "device-foot small muted" }, h("span", { class: "device-scene" }, icon("scene"), this.#scene), this.#tags),
    );
  }

  /**
   * @param {object} heard A `DeviceHearing`.
   * @param {object} show `categories` of labels, the one `label` to show or "", and `nowMs`.
   */
  update(heard, show) {
    this.#heard = heard;
    this.#text = [heard.device_id, heard.site, ...heard.tags].join(" ").toLowerCase();
    setText(this.#site, heard.site);
    this.#drawState(heard, show.nowMs);
    this.#meter.update(heard.state === "hearing" ? heard.level_dbfs : null);
    const top = heard.state === "hearing" ? heard.top : [];
    this.#bars.update(top.map(({ class_name: name, score }) => ({ name, score })));
    this.#labels.update(heard.labels, show);
    setText(this.#scene, heard.scene.sentence || "no scene");
    this.#scene.title = this.#scene.textContent;
    if (this.#tags.childElementCount !== heard.tags.length) this.#tags.replaceChildren(...tagBadges(heard.tags));
    this.#note.hidden = !heard.note;
    setText(this.#note, heard.note);
  }

  /** Draws what was heard last with other categories or another label. */
  redraw(show) {
    if (this.#heard) this.update(this.#heard, show);
  }

  /** Returns whether the name, the site or a tag contains a text in lower case. */
  matches(text) {
    return this.#text.includes(text);
  }

  #drawState({ state, at }, nowMs) {
    this.element.dataset.state = state;
    const since = state === "away" ? ` · ${relative(at, nowMs)}` : "";
    setText(this.#state, `${STATES[state] ?? state}${since}`);
  }
}
