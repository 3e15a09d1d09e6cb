/** Starts the console: one header, one page at a time by the address after `#`, files dropped anywhere. */

import { fill, h } from "./dom.js";
import { language, t } from "./language.js";
import { acceptDrops } from "./parts/drop-zone.js";
import { showHeader } from "./parts/header.js";
import { clearNotices, problemBox } from "./parts/notices.js";
import { showUploads } from "./parts/upload-panel.js";
import { batchPage } from "./pages/batch.js";
import { batchesPage } from "./pages/batches.js";
import { deadLettersPage } from "./pages/dead-letters.js";
import { itemPage } from "./pages/item.js";
import { mappingsPage } from "./pages/mappings.js";
import { signInPage } from "./pages/sign-in.js";
import { credential, forget } from "./session.js";
import { onUploads } from "./uploads.js";

/**
 * What a page is handed. `signal` ends when the page is left; a page sets `drop` and `unsaved` as it needs.
 * @typedef {object} Visit
 * @property {HTMLElement} root
 * @property {string[]} params
 * @property {AbortSignal} signal
 * @property {(upload: {files: File[]}) => void} drop what becomes of dropped files
 * @property {() => boolean} unsaved whether something would be lost by leaving
 */

/** @type {{pattern: RegExp, show: (visit: Visit) => void|Promise<void>, section: string}[]} */
const ROUTES = [
  { pattern: /^\/?$/, show: batchesPage, section: "batches" },
  { pattern: /^\/batches\/([0-9a-f-]{36})$/, show: batchPage, section: "batches" },
  { pattern: /^\/items\/([0-9a-f-]{36})$/, show: itemPage, section: "batches" },
  { pattern: /^\/dead-letters$/, show: deadLettersPage, section: "deadLetters" },
  { pattern: /^\/mappings$/, show: mappingsPage, section: "mappings" },
];

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const header = /** @type {HTMLElement} */ (document.getElementById("header"));
let leaving = new AbortController();
/** @type {Visit|null} */
let visit = null;
let address = location.hash;

/** @param {{ended?: boolean}} [options] */
async function show({ ended = false } = {}) {
  leaving.abort(new DOMException("the page was left", "AbortError"));
  leaving = new AbortController();
  const path = decodeURI(location.hash.slice(1));
  const route = ROUTES.find(({ pattern }) => pattern.test(path));
  address = location.hash;
  document.documentElement.lang = language();
  fill(/** @type {HTMLElement} */ (document.getElementById("skip")), t("app.skip"));
  clearNotices();
  const current = { root: main, params: route?.pattern.exec(path)?.slice(1) ?? [], signal: leaving.signal, drop: () => {}, unsaved: () => false };
  visit = current;
  showHeader(header, route?.section ?? "", again);
  fill(main);
  if (credential() === null) return signInPage(current, { ended, entered: again });
  if (!route) return fill(main, h("h1", {}, t("error.page")));
  await openPage(route, current);
}

/** @param {typeof ROUTES[number]} route @param {Visit} current */
async function openPage(route, current) {
  try {
    await route.show(current);
    if (!current.signal.aborted) main.focus({ preventScroll: true });
  } catch (error) {
    if (!current.signal.aborted) fill(main, problemBox(error, again));
  }
}

function again() {
  void show();
}

function moved() {
  if (location.hash === address) return;
  if (visit?.unsaved() && !confirm(t("item.leave"))) {
    history.replaceState(null, "", address || "#/");
    return;
  }
  scrollTo(0, 0);
  void show();
}

addEventListener("hashchange", moved);
addEventListener("page-outdated", again);
addEventListener("beforeunload", (event) => {
  if (visit?.unsaved()) event.preventDefault();
});
addEventListener("credential-refused", () => {
  forget();
  void show({ ended: true });
});
acceptDrops((files) => {
  if (credential() !== null) visit?.drop({ files });
});
onUploads(showUploads);
void show();
