// Asks for a token when the api wants one.

import { h, setText } from "./dom.js";

/**
 * Shows the form until a token is taken; it cannot be closed: without a token there is nothing to see.
 *
 * @param {string} detail Why it is asked: the api's sentence.
 * @param {(token: string) => Promise<void>} signIn Throws when the token is not valid.
 */
export function askForToken(detail, signIn) {
  const field = h("input", {
    id: "token", type: "password", name: "token", autocomplete: "current-password", required: true, spellcheck: "false", autocapitalize: "off",
    "aria-describedby": "token-problem",
  });
  const problem = h("p", { id: "token-problem", class: "field-problem", role: "alert" });
  const send = h("button", { type: "submit", class: "button primary" }, "Sign in");
  const form = h(
    "form",
    { class: "sign-in", method: "dialog" },
    h("h2", { id: "sign-in-title" }, "Sign in"),
    h("p", { class: "muted" }, "This Earshot asks for a token. ", h("code", {}, "earshot token create NAME --scope read"), " makes one."),
    h("label", { for: "token" }, "Token"),
    field,
    problem,
    send,
  );
  const dialog = h("dialog", { "aria-labelledby": "sign-in-title" }, form);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
  if (detail.startsWith("the token")) setText(problem, sentence(detail));
  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      try {
        await signIn(field.value.trim());
        dialog.close();
        dialog.remove();
        resolve();
      } catch (error) {
        setText(problem, sentence(error.detail ?? String(error)));
        field.select();
      } finally {
        send.disabled = false;
      }
    });
  });
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, ".");
}
