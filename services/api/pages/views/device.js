// One device: what is said of it, how well it was heard, what it heard last.

import { isAbort } from "../api.js";
import { card } from "../card.js";
import { errorBox, h, link, loading, timeElement } from "../dom.js";
import { one } from "../routes.js";
import { dateTime, relative } from "../time.js";
import { coverageCard } from "./device/coverage.js";
import { deviceForm } from "./device/form.js";
import { LatestEvents } from "./device/latest.js";
import { deviceStateBadge } from "./devices/state_badge.js";

export const title = "Device";

const AGAIN_MS = 15_000;

/** Mounts the view. */
export async function mount(root, context) {
  const { params: { id }, setTitle, signal, actions } = context;
  setTitle(id);
  actions.append(link(`/events?${new URLSearchParams({ device: id })}`, { class: "button" }, "Its events"),
    link(`/heat-map?${new URLSearchParams({ device: id })}`, { class: "button" }, "Its heat map"));
  const lead = h("div", { class: "device-lead" }, loading());
  const said = h("div", { class: "card-body" });
  const latest = new LatestEvents(context, id);
  root.append(lead, h("div", { class: "device-columns" },
    h("div", { class: "stack" }, coverageCard(context, id), card("Latest events", latest.element)),
    h("div", { class: "stack" }, card("What is said of it", said))));
  latest.start();
  const timer = setInterval(() => document.hidden || load(false), AGAIN_MS);

  async function load(isFirst) {
    try {
      const { value: device, etag } = await context.api.read(one("/v1/devices", id), {}, signal);
      drawLead(lead, device);
      if (isFirst) said.replaceChildren(deviceForm(context, device, etag, (changed) => drawLead(lead, changed)));
    } catch (error) {
      if (isAbort(error)) return;
      lead.replaceChildren(errorBox(error, () => load(isFirst)));
      if (isFirst) said.replaceChildren(h("p", { class: "muted" }, error.status === 404 ? "It is not registered: it has never been heard, or was removed." : "Not known."));
    }
  }

  load(true);
  return () => {
    clearInterval(timer);
    latest.leave();
  };
}

function drawLead(lead, { state, site, first_seen_at: first, last_heard_at: last }) {
  const heard = last ? ["last heard ", timeElement(last, relative(last))] : ["never heard"];
  const known = first ? [", known since ", timeElement(first, dateTime(first))] : [];
  lead.replaceChildren(deviceStateBadge(state), h("p", {}, site ? `At ${site}, ` : "Nobody said where it stands; ", ...heard, ...known, "."));
}
