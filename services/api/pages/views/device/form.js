// What is said of a device, to be changed: its site, its tags, whether it is heard.

import { isAbort } from "../../api.js";
import { button, h } from "../../dom.js";
import { one } from "../../routes.js";
import { tagField } from "./tag_field.js";

const MAX_SITE = 100;
const OUTDATED = 412;

/**
 * Returns the form. A change goes out with the version it was made from, so that nobody's is lost.
 *
 * @param {object} context The view's.
 * @param {object} device As the api shows it.
 * @param {string} etag Its version.
 * @param {(device: object) => void} onChange Told the device as it became.
 */
export function deviceForm({ api, announce, signal }, device, etag, onChange) {
  const path = one("/v1/devices", device.id);
  let version = etag;
  let saved = device;
  const site = h("input", { id: "device-site", maxlength: MAX_SITE, value: device.site, autocomplete: "off" });
  const tags = tagField(device.tags);
  const states = ["active", "disabled"].map((value) => h("input", { type: "radio", name: "state", value, checked: device.state === value }));
  const save = h("button", { type: "submit", class: "button primary" }, "Save");
  const answer = h("div", { class: "form-answer", role: "status" });
  const form = h("form", { class: "stack device-form", on: { submit: submit } },
    h("div", { class: "field" }, h("label", { for: "device-site" }, "Site"), site),
    tags.element,
    h("fieldset", { class: "field state-field" }, h("legend", {}, "State"),
      choice(states[0], "active", "What it sends makes events."), choice(states[1], "disabled", "What it sends is refused.")),
    h("div", { class: "row" }, save, button("Undo", () => fill(saved), { class: "quiet" })), answer);

  async function submit(event) {
    event.preventDefault();
    const changes = changed();
    if (!Object.keys(changes).length) return say("Nothing has been changed.");
    save.disabled = true;
    try {
      await api.patch(path, changes, { etag: version, signal });
      await reread();
      say("Saved.");
      onChange(saved);
    } catch (error) {
      if (isAbort(error)) return;
      if (error.status === OUTDATED) refuse("Somebody changed this device meanwhile; nothing was saved.", button("Show their version", show));
      else refuse(error.detail ?? error.message);
    } finally {
      save.disabled = false;
    }
  }

  /** Only what was changed here goes out. */
  function changed() {
    const now = { site: site.value.trim(), tags: tags.values(), state: states.find((each) => each.checked)?.value ?? saved.state };
    return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name])));
  }

  async function reread() {
    ({ value: saved, etag: version } = await api.read(path, {}, signal));
    fill(saved);
  }

  async function show() {
    try {
      await reread();
      say("This is the version of now.");
      onChange(saved);
    } catch (error) {
      if (!isAbort(error)) refuse(error.detail ?? error.message);
    }
  }

  function fill(wanted) {
    site.value = wanted.site;
    tags.show(wanted.tags);
    for (const each of states) each.checked = each.value === wanted.state;
    answer.replaceChildren();
  }

  function say(text) {
    answer.replaceChildren(h("p", { class: "form-said" }, text));
    announce(text);
  }

  function refuse(text, ...actions) {
    answer.replaceChildren(h("div", { class: "error-box", role: "alert" }, h("p", {}, text), ...actions));
  }

  return form;
}

function choice(input, name, meaning) {
  return h("label", { class: "choice" }, input, h("span", {}, name, " ", h("span", { class: "muted" }, meaning)));
}
