// The whole result as a file. A link could not say which kind it wants: the api looks at `Accept`.

import { address, isAbort } from "../../api.js";
import { button, h } from "../../dom.js";
import { icon } from "../../icons.js";

const KINDS = [
  { name: "CSV", type: "text/csv", file: "earshot-events.csv" },
  { name: "NDJSON", type: "application/x-ndjson", file: "earshot-events.ndjson" },
];

/**
 * Returns the buttons that save what is asked for.
 *
 * @param {object} context The view's.
 * @param {() => URLSearchParams} params What the list asks for now, without a cursor.
 */
export function exportButtons({ api, signal, announce }, params) {
  const buttons = KINDS.map((kind) => {
    const text = h("span", {}, kind.name);
    const save = button(text, run, { class: "quiet", title: `Save all these events as ${kind.name}` });
    save.prepend(icon("download"));
    async function run() {
      save.disabled = true;
      text.textContent = "Saving…";
      try {
        download(await fetched(api, kind, params(), signal), kind.file);
        announce(`Saved as ${kind.file}.`);
        text.textContent = kind.name;
      } catch (error) {
        if (isAbort(error)) return;
        text.textContent = `${kind.name} failed`;
        save.title = error.detail ?? error.message;
        announce(`Not saved: ${save.title}`);
      } finally {
        save.disabled = false;
      }
    }
    return save;
  });
  return h("div", { class: "row", role: "group", "aria-label": "Save as a file" }, buttons);
}

async function fetched(api, kind, params, signal) {
  const response = await api.open("GET", address("/v1/events", params), { headers: { Accept: kind.type }, signal });
  return response.blob();  // rejects when the answer is cut off: half a file must not pass for one
}

function download(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
