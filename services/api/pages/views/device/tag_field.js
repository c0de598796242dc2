// A field of tags: each can be taken away, Enter or a comma adds one.

import { h } from "../../dom.js";
import { icon } from "../../icons.js";

const MAX_TAG = 64;

/** @param {string[]} first The tags to begin with. */
export function tagField(first) {
  let tags = [...first];
  const list = h("ul", { class: "tag-list", "aria-label": "Tags" });
  const input = h("input", { id: "device-tags", maxlength: MAX_TAG, placeholder: "Add a tag", autocomplete: "off", "aria-describedby": "device-tags-hint",
    on: { keydown: press, blur: add } });

  function press(event) {
    if (event.key === "Backspace" && !input.value && tags.length) return take(tags.length - 1);
    if (event.key !== "Enter" && event.key !== ",") return;
    if (!input.value.trim() && event.key === "Enter") return;  // Enter in an empty field saves
    event.preventDefault();
    add();
  }

  function add() {
    const tag = input.value.trim();
    input.value = "";
    if (tag && !tags.includes(tag)) tags.push(tag);
    draw();
  }

  function take(index) {
    tags.splice(index, 1);
    draw();
    input.focus();
  }

  function draw() {
    list.replaceChildren(...tags.map((tag, i) =>
      h("li", {}, h("button", { type: "button", class: "chip", "aria-label": `Take away the tag ${tag}`, on: { click: () => take(i) } },
        h("span", { class: "chip-text" }, tag), icon("close")))));
    list.hidden = !tags.length;
  }

  draw();
  return {
    element: h("div", { class: "field" }, h("label", { for: "device-tags" }, "Tags"), list, input,
      h("p", { class: "muted small", id: "device-tags-hint" }, "Enter adds one.")),
    /** Returns all tags, with what is typed and not yet added. */
    values() {
      const typed = input.value.trim();
      return typed && !tags.includes(typed) ? [...tags, typed] : [...tags];
    },
    show(wanted) {
      tags = [...wanted];
      input.value = "";
      draw();
    },
  };
}
