// Live: what each device hears now, and events as they start and end.

import { h } from "../dom.js";
import { EventSection } from "./live/event_section.js";
import { Filters } from "./live/filters.js";
import { HearingSection } from "./live/hearing_section.js";
import { LastPredictions } from "./live/last_predictions.js";

export const title = "Live";

/** Puts the page together; a change of the filters begins anew with what it asks for. */
export function mount(root, context) {
  const last = new LastPredictions();
  const filters = new Filters(context.query);
  const hearing = new HearingSection(context, {
    onLast: (predictions) => last.update(predictions),
    onDevices: (ids) => filters.offerDevices(ids),
  });
  const events = new EventSection(context);
  const start = () => {
    hearing.start(filters.chosen);
    events.start(filters.chosen);
  };
  filters.onChange = () => {
    context.replaceQuery(filters.query);
    start();
  };
  context.actions.append(filters.element);
  root.append(h("div", { class: "live" }, events.element, hearing.element, last.element));
  start();
  loadLabels(context, (labels) => {
    filters.offerLabels(labels);
    hearing.showCategories(new Map(labels.map(({ label, category }) => [label, category])));
  });
  return () => {
    hearing.stop();
    events.stop();
  };
}

/** Without the labels the page does all but filter by one; so nothing is said when they fail. */
async function loadLabels({ api, signal }, then) {
  try {
    then((await api.get("/v1/labels", {}, signal)).labels);
  } catch {
    then([]);
  }
}
