// Devices as rows of a table, as cards on a phone; each with a strip of its last 24 hours.

import { tagBadges } from "../../badges.js";
import { h, link, timeElement } from "../../dom.js";
import { one } from "../../routes.js";
import { relative } from "../../time.js";
import { deviceStateBadge } from "./state_badge.js";
import { Strips } from "./strips.js";

const COLUMNS = ["Device", "State", "Site", "Tags", "Last heard", "Last 24 hours"];

/** A table that is drawn again in place. */
export class DeviceRows {
  #rows = new Map();  // by id
  #strips;
  #body = h("tbody", { role: "rowgroup" });

  constructor(context) {
    this.#strips = new Strips(context);
    const heads = COLUMNS.map((name) => h("th", { role: "columnheader", scope: "col" }, name));
    const head = h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads));
    this.element = h("table", { class: "device-table", role: "table", "aria-label": "Devices" }, head, this.#body);
  }

  get size() {
    return this.#rows.size;
  }

  clear() {
    this.#strips.forget();
    this.#rows.clear();
    this.#body.replaceChildren();
  }

  leave() {
    this.#strips.forget();
  }

  /** Draws devices: into their rows, or as new ones at the end. */
  put(devices) {
    for (const device of devices) {
      const known = this.#rows.get(device.id);
      if (known) known.draw(device);
      else this.#add(device);
    }
  }

  #add(device) {
    const strip = this.#strips.place(device.id);
    const row = h("tr", { role: "row", class: "list-row", dataset: { device: device.id } });
    const name = cell("name", link(one("/devices", device.id), { class: "row-link" }, device.id));
    const rest = ["state", "site", "tags", "heard"].map((each) => cell(each));
    row.append(name, ...rest, cell("coverage", strip));
    const draw = ({ state, site, tags, last_heard_at: heard }) => {
      const parts = [[deviceStateBadge(state)], [site || dash()], tags.length ? tagBadges(tags) : [dash()],
        [heard ? timeElement(heard, relative(heard)) : h("span", { class: "muted" }, "never")]];
      parts.forEach((children, i) => rest[i].replaceChildren(...children));
    };
    draw(device);
    this.#rows.set(device.id, { draw });
    this.#body.append(row);
  }
}

function cell(name, ...children) {
  return h("td", { role: "cell", class: `cell-${name}` }, ...children);
}

function dash() {
  return h("span", { class: "muted", "aria-hidden": "true" }, "–");
}
