// What stands where the list would be: that it is looked for, that there is nothing, what is wrong.

import { button, emptyState, errorBox, h, loading } from "../../dom.js";

/** @param {() => void} onClear Takes all filters away. */
export function listState(onClear) {
  const element = h("div", { class: "list-status", "aria-live": "polite" });
  let shown = "";
  const show = (name, ...children) => {
    if (name && name === shown && name !== "error") return;
    shown = name;
    element.replaceChildren(...children);
  };
  return {
    element,
    clear: () => show(""),
    loading: () => show("loading", loading("Looking for events…")),
    error: (error, retry) => show("error", errorBox(error, retry)),
    empty: (isFiltered) => (isFiltered ? show("nothing", nothing(onClear)) : show("empty", nothingYet())),
    get isError() {
      return shown === "error";
    },
  };
}

function nothingYet() {
  return emptyState("No events yet", "They appear here as soon as a device hears something worth one.", h("span", {}, "Try it: "),
    h("code", {}, "earshot play FILE"));
}

function nothing(onClear) {
  return emptyState("No event is like that", "Take a filter away above, or look over a longer time. New ones that fit appear here.",
    button("Clear all filters", onClear));
}
