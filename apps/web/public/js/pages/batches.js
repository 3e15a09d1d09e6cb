/** All batches, newest first, and the place where new ones begin. */

import { get, pause, post } from "../api.js";
import { fill, h } from "../dom.js";
import { formatCount, formatMoment, t } from "../language.js";
import { fileButton } from "../parts/drop-zone.js";
import { batchMark, countsText, emptyState, progressBar } from "../parts/marks.js";
import { mappingChoice } from "../parts/mapping-choice.js";
import { problemNotice } from "../parts/notices.js";
import { upload } from "../uploads.js";

/** @typedef {import("../types.js").Batch} Batch */

const PAGE = 50;
const POLL_MILLISECONDS = 3000;

/** @param {import("../main.js").Visit} visit */
export async function batchesPage(visit) {
  document.title = `${t("batches.title")} · ${t("app.name")}`;
  const name = h("input", { id: "batch-name", maxlength: 200, placeholder: t("batches.namePlaceholder"), autocomplete: "off" });
  const mapping = mappingChoice(visit.signal);
  const begin = (/** @type {File[]} */ files) => newBatch(files, name.value.trim(), mapping.value());
  visit.drop = ({ files }) => begin(files);
  const list = h("div", { class: "list" }, h("p", { class: "muted" }, t("list.loading")));
  fill(visit.root, h("h1", {}, t("batches.title")), starter(name, mapping.element, begin), list);
  await showList(list, visit.signal);
}

/** @param {HTMLInputElement} name @param {HTMLElement} mapping @param {(files: File[]) => void} begin */
function starter(name, mapping, begin) {
  return h(
    "section",
    { class: "drop-zone", "aria-label": t("batches.new") },
    h("div", {}, h("h2", {}, t("batches.dropTitle")), h("p", { class: "muted" }, t("batches.dropHint"))),
    h("div", { class: "starter" }, h("label", { for: "batch-name" }, t("batches.name")), name, fileButton(t("batches.choose"), begin), mapping),
  );
}

/** @param {File[]} files @param {string} name @param {string} mappingId */
async function newBatch(files, name, mappingId) {
  try {
    const called = name || t("batches.defaultName", { when: formatMoment(new Date().toISOString()) });
    /** @type {Batch} */
    const batch = await post("batches", { json: { name: called } });
    location.hash = `#/batches/${batch.id}`;
    await upload(batch.id, files, mappingId);
  } catch (error) {
    problemNotice(error);
  }
}

/** @param {HTMLElement} list @param {AbortSignal} signal */
async function showList(list, signal) {
  let page = await pageOf(null, signal);
  /** @type {Batch[]} */
  const batches = page.batches;
  const draw = () => fill(list, batches.length === 0 ? emptyState(t("batches.empty"), t("batches.emptyHint")) : table(batches), more());
  const more = () => page.next_cursor !== null && h("button", { type: "button", on: { click: load } }, t("list.more"));
  const load = async () => {
    try {
      page = await pageOf(page.next_cursor, signal);
      batches.push(...page.batches);
      draw();
    } catch (error) {
      problemNotice(error);
    }
  };
  draw();
  void follow(list, batches, signal);
}

/** @param {string|null} cursor @param {AbortSignal} signal */
function pageOf(cursor, signal) {
  return get("batches", { query: { limit: PAGE, cursor, with_status: true }, signal });
}

/**
 * Asks again for what is still in work: one request for all of them, where a stream each would use up the browser's connections.
 * @param {HTMLElement} list
 * @param {Batch[]} batches
 * @param {AbortSignal} signal
 */
async function follow(list, batches, signal) {
  while (!signal.aborted) {
    await pause(POLL_MILLISECONDS, signal).catch(() => {});
    const open = batches.some(({ status }) => status && !status.finished && status.total_items > 0);
    if (signal.aborted || document.hidden || !open) continue;
    const page = await pageOf(null, signal).catch(() => ({ batches: [] }));
    for (const fresh of page.batches) {
      const known = batches.find(({ id }) => id === fresh.id);
      if (!known) continue;
      known.status = fresh.status;
      list.querySelector(`tr[data-id="${known.id}"]`)?.replaceWith(row(known));
    }
  }
}

/** @param {Batch[]} batches */
function table(batches) {
  const head = ["batches.name", "batches.created", "batches.progress", "batches.items", "batches.status"];
  return h(
    "table",
    { class: "cards", id: "batches" },
    h("thead", {}, h("tr", {}, head.map((key) => h("th", { scope: "col", class: key === "batches.items" ? "number" : null }, t(key))))),
    h("tbody", {}, batches.map(row)),
  );
}

/** @param {Batch} batch */
function row(batch) {
  const { status } = batch;
  return h(
    "tr",
    { data: { id: batch.id } },
    h("td", { class: "lead" }, h("a", { href: `#/batches/${batch.id}` }, batch.name ?? t("batches.unnamed"))),
    h("td", { data: { label: t("batches.created") } }, formatMoment(batch.created_at)),
    h("td", { data: { label: t("batches.progress") } }, status && progressBar(status), status && h("div", { class: "muted small" }, countsText(status))),
    h("td", { class: "number", data: { label: t("batches.items") } }, status && formatCount(status.total_items)),
    h("td", { data: { label: t("batches.status") } }, status && batchMark(status)),
  );
}
