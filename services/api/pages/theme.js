// The switch between the dark and the light theme; until it is used, the system decides.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { keep } from "./kept.js";

const system = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  keep("theme", theme); // theme_early.js reads it
}

/** Returns the button that switches themes. */
export function themeSwitch() {
  const button = h("button", { type: "button", class: "icon-button" });
  const draw = () => {
    const text = isDark() ? "Light theme" : "Dark theme";
    button.replaceChildren(icon(isDark() ? "sun" : "moon"), h("span", { class: "visually-hidden" }, text));
    button.title = text;
  };
  button.addEventListener("click", () => {
    choose(isDark() ? "light" : "dark");
    draw();
  });
  system.addEventListener("change", draw);
  draw();
  return button;
}
