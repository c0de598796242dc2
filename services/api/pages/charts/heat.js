// A heat map as a table: real headings and numbers, colour beside them, arrow keys between cells.
// Keys: https://www.w3.org/WAI/ARIA/apg/patterns/grid/ (data grid).

import { h } from "../dom.js";

/**
 * Returns the map.
 *
 * @param {object} spec
 * @param {string} spec.label What the table is, for screen readers.
 * @param {Array<{text: string, title: string, state: "past"|"now"|"future"}>} spec.columns
 * @param {Array<{head: Node, name: string, counts: number[], total: number}>} spec.rows
 * @param {number[]} spec.totals Of the columns.
 * @param {(count: number) => number} spec.level 0 for none.
 * @param {(row: number, column: number) => string} spec.href Where a count leads.
 */
export function heatGrid({ label, columns, rows, totals, level, href }) {
  const cells = rows.map((row, i) => columns.map((column, k) => cell(row, column, row.counts[k], level, () => href(i, k))));
  const head = h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader", class: "heat-corner" }, "Sound"),
    columns.map(columnHead), h("th", { scope: "col", role: "columnheader", class: "heat-total" }, "All"));
  const body = rows.map((row, i) =>
    h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader" }, row.head),
      cells[i].map(({ element }) => element), h("td", { role: "gridcell", class: "heat-total" }, row.total)));
  const foot = h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader" }, "All"),
    totals.map((total) => h("td", { role: "gridcell", class: "heat-total" }, total || "")),
    h("td", { role: "gridcell", class: "heat-total" }, totals.reduce((sum, total) => sum + total, 0)));
  const table = h("table", { class: "heat", role: "grid", "aria-label": label },
    h("thead", { role: "rowgroup" }, head), h("tbody", { role: "rowgroup" }, body), h("tfoot", { role: "rowgroup" }, foot));
  rove(table, cells.map((row) => row.map(({ target }) => target)));
  return table;
}

function columnHead({ text, title, state }) {
  return h("th", { scope: "col", role: "columnheader", title, class: `heat-hour is-${state}`, "aria-label": title }, text);
}

function cell(row, column, count, level, href) {
  const said = `${row.name}, ${column.title}: ${count || "no"} ${count === 1 ? "event" : "events"}`;
  const target = count
    ? h("a", { href: href(), class: "heat-count", tabindex: "-1", title: said, "aria-label": said }, count)
    : h("span", { class: "heat-none", tabindex: "-1", title: said }, h("span", { class: "visually-hidden" }, said));
  const element = h("td", { role: "gridcell", class: `heat-cell is-${column.state}`, dataset: { level: level(count) } }, target);
  return { element, target };
}

/** One cell is in the order of Tab; arrow keys, Home, End and with Ctrl the corners go between them. */
function rove(table, targets) {
  const place = { row: 0, column: Math.max(0, targets[0]?.findIndex((target) => target.tagName === "A") ?? 0) };
  const lastRow = targets.length - 1;
  const lastColumn = (targets[0]?.length ?? 0) - 1;
  const current = () => targets[place.row]?.[place.column];
  current()?.setAttribute("tabindex", "0");

  function go(row, column, isAsked = true) {
    current().setAttribute("tabindex", "-1");
    place.row = Math.min(lastRow, Math.max(0, row));
    place.column = Math.min(lastColumn, Math.max(0, column));
    current().setAttribute("tabindex", "0");
    if (isAsked) current().focus();
  }

  table.addEventListener("keydown", (press) => {
    const { row, column } = place;
    const moves = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
      Home: [press.ctrlKey ? 0 : row, 0], End: [press.ctrlKey ? lastRow : row, lastColumn] };
    if (!(press.key in moves)) return;
    press.preventDefault();
    go(...moves[press.key]);
  });
  table.addEventListener("focusin", (event) => {
    const row = targets.findIndex((each) => each.includes(event.target));
    if (row >= 0) go(row, targets[row].indexOf(event.target), false);
  });
}
