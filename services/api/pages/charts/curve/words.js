// A score curve in words: the line about one patch, and the table of all.

import { scoreText } from "../../badges.js";
import { h } from "../../dom.js";
import { clock } from "../../time.js";
import { patchAt } from "./numbers.js";

const SIDES = { on: "on", between: "between the thresholds", off: "off", "": "" };
const MOST_MEMBERS = 3;
const SMALLEST_SCORE = 0.01;

/** Returns what a patch says: `03:12:07 · score 0.94, on · −21.4 dBFS · Smoke alarm 0.94`. */
export function patchText(numbers, index) {
  const { atMs, score, level, side, members } = patchAt(numbers, index);
  const words = SIDES[side] && `, ${SIDES[side]}`;
  return [clock(atMs), `score ${scoreText(score)}${words}`, levelText(level), membersText(members)].filter(Boolean).join(" · ");
}

/**
 * Returns all patches as a table that is filled when it is opened.
 *
 * @param {() => object} numbers What the curve shows now.
 */
export function curveTable(numbers) {
  const titles = ["Time", "Score", "On or off", "Level", "Classes"];
  const head = h("thead", {}, h("tr", {}, titles.map((title) => h("th", { scope: "col" }, title))));
  const body = h("tbody");
  const update = () => element.open && body.replaceChildren(...numbers().atMs.map((_, index) => row(numbers(), index)));
  const table = h("table", { class: "plain-table" }, head, body);
  const element = h("details", { class: "as-table", on: { toggle: update } },
    h("summary", {}, "The same as a table"),
    h("div", { class: "table-scroll is-tall", tabindex: "0", role: "region", "aria-label": "Scores as a table" }, table));
  return { element, update };
}

/** Returns a level, or that there was no sound at all; empty when nobody knows it. */
export function levelText(level) {
  if (level === undefined || level === null) return "";
  return level <= -120 ? "silence" : `${level.toFixed(1).replace("-", "−")} dBFS`;
}

function row(numbers, index) {
  const { atMs, score, level, side, members } = patchAt(numbers, index);
  return h("tr", {}, h("th", { scope: "row" }, clock(atMs)), h("td", {}, scoreText(score)), h("td", {}, SIDES[side]),
    h("td", {}, levelText(level)), h("td", {}, membersText(members)));
}

function membersText(members) {
  return members.slice(0, MOST_MEMBERS).filter((member) => member.score >= SMALLEST_SCORE)
    .map((member) => `${member.name} ${scoreText(member.score)}`).join(", ");
}
