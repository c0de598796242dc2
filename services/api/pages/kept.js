// What the browser keeps for these pages. It may refuse to: then nothing is kept, and all else works.

const PREFIX = "earshot.";

/** Returns what was kept under a name; null without. */
export function recall(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps a text under a name; null takes it out. */
export function keep(name, text) {
  try {
    if (text === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // It lasts until the page is closed.
  }
}
