/** The items of a batch: filtered, page by page, walked with j and k. */

import { get } from "../api.js";
import { fill, h, isTyping } from "../dom.js";
import { formatDay, formatDecimal, named, t } from "../language.js";
import { FILTERS } from "../states.js";
import { keepTrail } from "../trail.js";
import { emptyState, stateMark } from "./marks.js";
import { problemNotice } from "./notices.js";

/** @typedef {import("../types.js").Item} Item */

const PAGE = 50;
const MOST_REFRESHED = 200;
const COLUMNS = ["file", "type", "supplier", "number", "date", "total", "state", "finding"];

/**
 * @param {string} batchId
 * @param {AbortSignal} signal
 */
export function itemList(batchId, signal) {
  const element = h("div", { class: "list", id: "items" }, h("p", { class: "muted" }, t("list.loading")));
  /** @type {Item[]} */
  let items = [];
  /** @type {string|null} */
  let next = null;
  let filter = "all";
  let turn = 0;

  const load = async (/** @type {string|null} */ cursor, /** @type {number} */ limit) => {
    const mine = ++turn;
    const query = { state: FILTERS[filter], cursor, limit };
    const page = await get(`batches/${batchId}/items`, { query, signal });
    if (mine !== turn) return;
    items = cursor === null ? page.items : [...items, ...page.items];
    next = page.next_cursor;
    draw();
  };
  const draw = () => {
    const place = focusedId(element);
    keepTrail(batchId, items);
    fill(element, items.length > 0 ? table(items) : emptiness(filter), next !== null && moreButton());
    if (place) linkOf(element, place)?.focus({ preventScroll: true });
  };
  const more = () => load(next, PAGE).catch(problemNotice);
  const moreButton = () => h("button", { type: "button", class: "more", on: { click: more } }, t("list.more"));
  walkByKeys(element, signal);

  return {
    element,
    /** @param {string} name */
    async show(name) {
      filter = name;
      await load(null, PAGE);
    },
    /** Reads anew what is shown; a list longer than one answer is left as it is. */
    async refresh() {
      if (items.length <= MOST_REFRESHED) await load(null, Math.max(PAGE, items.length));
    },
  };
}

/** @param {string} filter */
function emptiness(filter) {
  return filter === "all" ? emptyState(t("items.empty"), t("items.emptyHint")) : emptyState(t("items.none"), t("items.noneHint"));
}

/** @param {Item[]} items */
function table(items) {
  const head = COLUMNS.map((name) => h("th", { scope: "col", class: name === "total" ? "number" : null }, t(`items.${name}`)));
  return h("table", { class: "cards items" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, items.map(row)));
}

/** @param {Item} item */
function row(item) {
  const cell = (/** @type {string} */ name, /** @type {import("../dom.js").Child} */ content, look = "") =>
    h("td", { class: `${name} ${look}`.trim(), data: { label: t(`items.${name}`) } }, content);
  const { outline } = item;
  const matter = (item.code === (outline?.first_finding ?? null) ? null : item.message) ?? outline?.first_message ?? "";
  return h(
    "tr",
    { data: { id: item.id, state: item.state }, class: item.parent_id === null ? null : "of-container" },
    h("td", { class: "lead file" }, h("a", { href: `#/items/${item.id}` }, nameOf(item))),
    cell("type", item.kind === "container" ? t("docType.container") : named("docType", item.doc_type)),
    cell("supplier", outline?.name ?? ""),
    cell("number", outline?.reference ?? "", "digits"),
    cell("date", formatDay(outline?.issue_date ?? undefined), "digits"),
    cell("total", outline ? total(outline) : "", "number"),
    cell("state", stateMark(item)),
    cell("finding", matter && h("span", { class: "clamped", title: matter }, matter)),
  );
}

/** @param {import("../types.js").Outline} outline */
function total({ total: amount, currency, movements }) {
  if (amount === null) return movements === null ? "" : t("items.movements", { n: movements });
  return `${formatDecimal(amount)} ${currency ?? ""}`.trim();
}

/** @param {Item} item @returns {string} */
export function nameOf(item) {
  const name = item.file_name ?? t("items.row", { n: item.position + 1 });
  return item.part === null ? name : `${name} · ${t("items.part", { n: item.part + 1 })}`;
}

/** @param {HTMLElement} element @param {AbortSignal} signal */
function walkByKeys(element, signal) {
  addEventListener(
    "keydown",
    (event) => {
      const step = { j: 1, k: -1 }[event.key];
      if (!step || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const links = /** @type {HTMLAnchorElement[]} */ (Array.from(element.querySelectorAll("tbody td.lead a")));
      const place = links.findIndex((link) => link === document.activeElement);
      const link = links[place < 0 ? 0 : Math.min(links.length - 1, Math.max(0, place + step))];
      link?.focus();
      link?.scrollIntoView({ block: "nearest" });
    },
    { signal },
  );
}

/** @param {HTMLElement} element */
function focusedId(element) {
  const row = document.activeElement?.closest("tr");
  return row && element.contains(row) ? row.dataset.id : undefined;
}

/** @param {HTMLElement} element @param {string} id @returns {HTMLElement|null} */
function linkOf(element, id) {
  return element.querySelector(`tr[data-id="${id}"] td.lead a`);
}
