// Why it is an event: what happened to it in the order of time, and what decided.

import { h, timeElement } from "../../dom.js";
import { icon } from "../../icons.js";
import { clock } from "../../time.js";
import { settingHint, settingTitle, settingValue } from "./words.js";

const SIGNS = { started: "next", peak: "live", ended: "check", lasts: "live", masked: "away", suppressed: "away", free: "next", gap: "warning" };

/** Returns the sentences of an explanation, oldest first. */
export function reasonList(reasons) {
  return h("ol", { class: "reasons" }, reasons.map((reason) =>
    h("li", { dataset: { kind: reason.kind } },
      h("span", { class: "reason-sign" }, icon(SIGNS[reason.kind] ?? "quiet")),
      h("p", {}, h("span", { class: "reason-time" }, reason.at && timeElement(reason.at, clock(reason.at))),
        reason.sentence))));
}

/** Returns what an explanation says about itself. */
export function noteList(notes) {
  return notes.length ? h("ul", { class: "notes" }, notes.map((note) => h("li", {}, icon("warning"), h("span", {}, note)))) : null;
}

/** Returns the settings in force, each with who set it. */
export function thresholdTable(thresholds) {
  const head = h("tr", {}, ["Setting", "Value", "Set by"].map((title) => h("th", { scope: "col" }, title)));
  const rows = thresholds.map(({ name, value, stricter, source }) =>
    h("tr", {},
      h("th", { scope: "row" }, settingTitle(name), h("span", { class: "muted setting-hint" }, settingHint(stricter))),
      h("td", { class: "number" }, settingValue(name, value)),
      h("td", { class: "muted setting-source" }, source)));
  return h("div", { class: "table-scroll" }, h("table", { class: "plain-table thresholds" }, h("thead", {}, head), h("tbody", {}, rows)));
}
