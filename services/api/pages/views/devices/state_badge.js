// A device's state as a badge: a shape and a word, and colour beside them.

import { h } from "../../dom.js";
import { icon } from "../../icons.js";

const LOOKS = {
  active: { picture: "check", title: "What it sends makes events." },
  disabled: { picture: "away", title: "What it sends makes no events." },
  removed: { picture: "close", title: "It is not registered any more; its events are left." },
};

/** Returns the badge of `active`, `disabled` or `removed`. */
export function deviceStateBadge(state) {
  const { picture = "quiet", title = "" } = LOOKS[state] ?? {};
  return h("span", { class: `badge registry-state is-${state}`, title }, icon(picture), state);
}
