/** What went well or wrong, said once: short notices in a corner, and problems in the page. */

import { Problem } from "../api.js";
import { announce, h } from "../dom.js";
import { t } from "../language.js";

const SHOWN_MILLISECONDS = 6000;

/** @param {string} text */
export function notice(text) {
  const box = h("div", { class: "notice" }, text);
  dock().append(box);
  announce(text);
  setTimeout(() => box.remove(), SHOWN_MILLISECONDS);
}

/** @param {unknown} error */
export function problemNotice(error) {
  const close = h("button", { type: "button", class: "quiet", "aria-label": t("error.dismiss"), on: { click: () => box.remove() } }, "×");
  const box = h("div", { class: "notice bad", role: "alert" }, h("div", {}, problemText(error)), close);
  dock().append(box);
}

/** Those of the page before are of no use on the next. */
export function clearNotices() {
  for (const box of document.querySelectorAll("#notices .bad")) box.remove();
}

/**
 * A problem in the place of what it kept from being shown.
 * @param {unknown} error
 * @param {() => void} [retry]
 */
export function problemBox(error, retry) {
  const again = retry && h("button", { type: "button", on: { click: retry } }, t("error.retry"));
  return h("section", { class: "problem", role: "alert" }, h("h2", {}, t("error.title")), problemText(error), again);
}

/**
 * In words where the code has some, with the detail and the code for whoever is asked for help.
 * @param {unknown} error
 * @returns {HTMLElement}
 */
export function problemText(error) {
  if (!(error instanceof Problem)) return h("p", {}, String(error));
  const key = `error.${error.code}`;
  const known = t(key) === key ? "" : t(key);
  const fields = error.errors.map(({ field, detail }) => h("li", {}, `${field}: ${detail}`));
  return h(
    "div",
    { class: "problem-text" },
    known && h("p", {}, known),
    error.detail && h("p", { class: known ? "muted" : "" }, error.detail),
    fields.length > 0 && h("ul", {}, fields),
    h("p", { class: "muted small" }, t("error.code", { code: error.code })),
  );
}

/** @returns {HTMLElement} */
function dock() {
  const found = document.getElementById("notices");
  if (found) return found;
  const made = h("div", { id: "notices" });
  document.getElementById("docks")?.append(made);
  return made;
}
