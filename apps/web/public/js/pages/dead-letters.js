/** What stopped for good, across all batches. */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { formatMoment, named, t } from "../language.js";
import { emptyState } from "../parts/marks.js";
import { problemNotice } from "../parts/notices.js";

/** @typedef {import("../types.js").DeadLetter} DeadLetter */

/** @param {import("../main.js").Visit} visit */
export async function deadLettersPage({ root, signal }) {
  document.title = `${t("deadLetters.title")} · ${t("app.name")}`;
  const all = h("input", { type: "checkbox", id: "resolved" });
  const list = h("div", { class: "list", id: "dead-letters" }, h("p", { class: "muted" }, t("list.loading")));
  all.addEventListener("change", () => void showList(list, all.checked, signal).catch(problemNotice));
  fill(
    root,
    h("h1", {}, t("deadLetters.title")),
    h("p", { class: "muted" }, t("deadLetters.lead")),
    h("p", {}, h("label", { class: "check" }, all, t("deadLetters.resolved"))),
    list,
  );
  await showList(list, false, signal);
}

/** @param {HTMLElement} list @param {boolean} resolved @param {AbortSignal} signal */
async function showList(list, resolved, signal) {
  /** @type {DeadLetter[]} */
  const letters = [];
  const load = async (/** @type {string|null} */ cursor) => {
    const page = await get("dead-letters", { query: { resolved, cursor }, signal });
    letters.push(...page.dead_letters);
    const next = () => load(page.next_cursor).catch(problemNotice);
    const more = page.next_cursor !== null && h("button", { type: "button", on: { click: next } }, t("list.more"));
    fill(list, letters.length > 0 ? table(letters) : emptyState(t("deadLetters.empty"), t("deadLetters.emptyHint")), more);
  };
  await load(null);
}

/** @param {DeadLetter[]} letters */
function table(letters) {
  const head = ["when", "stage", "reason", "code", "attempts", "item"];
  return h(
    "table",
    { class: "cards" },
    h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col", class: name === "attempts" ? "number" : null }, t(`deadLetters.${name}`))))),
    h("tbody", {}, letters.map(row)),
  );
}

/** @param {DeadLetter} letter */
function row(letter) {
  const settled = letter.resolved_at !== null && h("div", { class: "muted small" }, `✓ ${t("deadLetters.resolvedAt")} ${formatMoment(letter.resolved_at)}`);
  return h(
    "tr",
    {},
    h("td", { data: { label: t("deadLetters.when") } }, formatMoment(letter.created_at), settled),
    h("td", { data: { label: t("deadLetters.stage") } }, named("stage", letter.stage)),
    h("td", { data: { label: t("deadLetters.reason") } }, named("reason", letter.reason)),
    h("td", { data: { label: t("deadLetters.code") } }, h("code", {}, letter.code), letter.detail && letter.detail !== letter.code && h("div", { class: "muted small" }, letter.detail)),
    h("td", { class: "number", data: { label: t("deadLetters.attempts") } }, letter.attempts),
    h("td", { data: { label: t("deadLetters.item") } }, h("a", { href: `#/items/${letter.item_id}`, "aria-label": `${t("deadLetters.open")} ${letter.code} ${formatMoment(letter.created_at)}` }, t("deadLetters.open"))),
  );
}
