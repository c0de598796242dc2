// How well a device was heard on a day.

import { isAbort } from "../../api.js";
import { coverageChart } from "../../charts/coverage.js";
import { coverageSums, coverageTable, resolutionNote } from "../../charts/coverage/words.js";
import { isDay, span } from "../../day.js";
import { dayPicker } from "../../day_picker.js";
import { emptyState, errorBox, h, loading } from "../../dom.js";
import { stepTo } from "../../history_step.js";
import { one } from "../../routes.js";
import { isoDay } from "../../time.js";

/** Returns the card; its day stands in the address. */
export function coverageCard(context, id) {
  const { api, query, signal } = context;
  const asked = query.get("day");
  const body = h("div", { class: "card-body stack" }, loading());
  let newest = 0;
  const picker = dayPicker(isDay(asked) ? asked : isoDay(Date.now()), (day) => {
    stepTo(context, { day });
    load(day);
  });

  async function load(day) {
    const mine = (newest += 1);
    const { from, to } = span(day);
    const end = Math.min(to.getTime(), Date.now());  // what is to come was not missed
    try {
      const params = { from: from.toISOString(), to: new Date(end).toISOString() };
      const coverage = await api.get(`${one("/v1/devices", id)}/coverage`, params, signal);
      if (mine === newest) body.replaceChildren(...drawn(coverage));
    } catch (error) {
      if (!isAbort(error) && mine === newest) body.replaceChildren(errorBox(error, () => load(day)));
    }
  }

  load(isDay(asked) ? asked : isoDay(Date.now()));
  return h("section", { class: "card", "aria-labelledby": "card-coverage" },
    h("header", { class: "card-head" }, h("h2", { id: "card-coverage" }, "Coverage"), picker.element), body);
}

function drawn(coverage) {
  if (!coverage.stretches.length) return [emptyState("Nothing is known of this day", "Coverage is kept for as long as the deployment says.")];
  return [coverageChart(coverage), coverageSums(coverage), resolutionNote(coverage), coverageTable(coverage)].filter(Boolean);
}
