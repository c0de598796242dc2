// Starts the pages: the shell around them, and the view of the present address inside.
//
// A view is a module with `title` and `mount(root, context)`, which returns (a promise of) a function
// that takes it down. Its context:
//   api, feed               see api.js and feed.js
//   params, query           of the address: `{id}`, and URLSearchParams
//   navigate(path)          goes to another page
//   replaceQuery(params)    puts filters into the address without leaving the view
//   signal                  aborted when the view is left: pass it to the api
//   announce(text)          has a screen reader say it; sparingly
//   setTitle(text)          for a view that shows one of many: heading and tab
//   actions                 the element beside the heading, for a view's own controls

import { Api } from "./api.js";
import { Feed } from "./feed.js";
import { Router } from "./router.js";
import { Shell } from "./shell.js";
import { askForToken } from "./sign_in.js";

const announcer = document.getElementById("announcer");
const announce = (text) => {
  announcer.textContent = text;
};

let signingIn = null; // one form, however many requests wait for it
const api = new Api((detail) => {
  signingIn ??= askForToken(detail, (token) => api.signIn(token)).finally(() => {
    signingIn = null;
    shell.showSignOut();
  });
  return signingIn;
});
const feed = new Feed(api);
const shell = new Shell(document.getElementById("bar"), api);
const router = new Router(document.getElementById("main"), { api, feed, announce }, (page) => shell.mark(page));

feed.onConnection((state, detail) => shell.showConnection(state, detail));
router.start();
