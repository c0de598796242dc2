// All devices, or one of them.

import { isAbort } from "../../api.js";
import { h } from "../../dom.js";

const MOST = 500;

/**
 * Returns the choice; what it offers comes a moment later.
 *
 * @param {object} context The view's.
 * @param {string} device Chosen now; empty for all.
 * @param {(device: string) => void} onChange
 */
export function deviceChoice({ api, signal }, device, onChange) {
  const select = h("select", { "aria-label": "Device", on: { change: () => onChange(select.value) } });
  const offer = (ids) => {
    const wanted = select.value || device;
    const all = wanted && !ids.includes(wanted) ? [wanted, ...ids] : ids;
    select.replaceChildren(h("option", { value: "" }, "all devices"), ...all.map((id) => h("option", { value: id }, id)));
    select.value = wanted;
  };
  offer([]);
  api.get("/v1/devices", { limit: MOST }, signal)
    .then(({ devices }) => offer(devices.map(({ id }) => id)))
    .catch((error) => isAbort(error) || console.warn(`the list of devices: ${error.detail ?? error}`));
  return {
    element: select,
    choose(wanted) {
      select.value = wanted;
      onChange(wanted);
    },
  };
}
