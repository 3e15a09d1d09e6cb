/** The mappings that tables are read by, to look at. */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { formatMoment, t } from "../language.js";
import { emptyState } from "../parts/marks.js";
import { problemNotice } from "../parts/notices.js";

/** @typedef {import("../types.js").Mapping} Mapping */

/** @param {import("../main.js").Visit} visit */
export async function mappingsPage({ root, signal }) {
  document.title = `${t("mappings.title")} · ${t("app.name")}`;
  const list = h("div", { class: "list", id: "mappings" }, h("p", { class: "muted" }, t("list.loading")));
  fill(root, h("h1", {}, t("mappings.title")), h("p", { class: "muted" }, t("mappings.lead")), list);
  /** @type {Mapping[]} */
  const mappings = [];
  const load = async (/** @type {string|null} */ cursor) => {
    const page = await get("mappings", { query: { cursor }, signal });
    mappings.push(...page.mappings);
    const next = () => load(page.next_cursor).catch(problemNotice);
    const more = page.next_cursor !== null && h("button", { type: "button", on: { click: next } }, t("list.more"));
    fill(list, mappings.length > 0 ? mappings.map(card) : emptyState(t("mappings.empty"), t("mappings.emptyHint")), more);
  };
  await load(null);
}

/** @param {Mapping} mapping */
function card(mapping) {
  return h(
    "article",
    { class: "card" },
    h("h2", {}, mapping.name),
    h("p", { class: "muted small" }, `${t("mappings.version", { n: mapping.version })} · ${formatMoment(mapping.created_at)}`),
    h("details", {}, h("summary", {}, t("mappings.json")), h("pre", { tabindex: 0 }, JSON.stringify(mapping.definition, null, 2))),
  );
}
