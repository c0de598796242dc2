// A piece of code with a button that copies it.

import { button, h } from "../../dom.js";

/**
 * @param {string} code
 * @param {string} name What it is, for screen readers.
 * @param {(text: string) => void} announce
 */
export function codeBlock(code, name, announce) {
  const text = h("code", {}, code);
  const copy = button("Copy", run, { class: "quiet", "aria-label": `Copy: ${name}` });

  async function run() {
    try {
      await navigator.clipboard.writeText(code);
      announce("Copied.");
      copy.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);  // without https nobody may write: the reader copies
      copy.textContent = "Marked: press Ctrl+C";
    }
  }

  return h("div", { class: "code-block" }, h("pre", {}, text), copy);
}
