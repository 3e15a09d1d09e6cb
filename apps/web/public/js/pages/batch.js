/** One batch: how far it is, live, and its items. */

import { get, pause, post, workbook } from "../api.js";
import { announce, fill, h } from "../dom.js";
import { formatCount, formatMoment, t } from "../language.js";
import { fileButton } from "../parts/drop-zone.js";
import { itemList } from "../parts/item-list.js";
import { batchMark, progressBar } from "../parts/marks.js";
import { mappingChoice } from "../parts/mapping-choice.js";
import { notice, problemNotice } from "../parts/notices.js";
import { FILTERS, countOf } from "../states.js";
import { watch } from "../stream.js";
import { onUploads, upload, uploadsRest } from "../uploads.js";

/** @typedef {import("../types.js").BatchStatus} BatchStatus */

const BETWEEN_REFRESHES_MILLISECONDS = 1500;
/** What items stop with that may be there already. */
const DUPLICATES = ["duplicate_file", "duplicate_suspect"];
/** The filter that was chosen, by batch: coming back from an item shows the same list. @type {Map<string, string>} */
const chosen = new Map();

/** @param {import("../main.js").Visit} visit */
export async function batchPage(visit) {
  const { root, signal, params } = visit;
  const [batchId] = params;
  /** @type {import("../types.js").Batch} */
  const batch = await get(`batches/${batchId}`, { signal });
  const name = batch.name ?? t("batches.unnamed");
  document.title = `${name} · ${t("app.name")}`;
  const summary = h("section", { class: "summary", id: "summary" });
  const filters = h("div", { class: "chips", role: "group", "aria-label": t("filter.label") });
  const list = itemList(batchId, signal);
  const mapping = mappingChoice(signal);
  const add = (/** @type {File[]} */ files) => upload(batchId, files, mapping.value()).catch(problemNotice);
  visit.drop = ({ files }) => add(files);
  const head = h("div", { class: "title" }, h("h1", {}, name), h("p", { class: "muted" }, `${t("batches.created")} ${formatMoment(batch.created_at)}`));

  const retry = actionButton("retry", t("batch.retry"), () => follow(), async () => {
    const { retried } = await post(`batches/${batchId}/retry`);
    return t("batch.retried", { n: retried });
  });
  const discard = actionButton("discard-duplicates", t("batch.discardDuplicates"), () => follow(), async () => {
    const { discarded } = await post(`batches/${batchId}/discard`, { json: { codes: DUPLICATES } });
    return t("batch.discarded", { n: discarded });
  });
  const actions = h("div", { class: "actions" }, fileButton(t("batch.add"), add, "plain"), retry, discard, exportButton(batch, signal), mapping.element);
  const show = (/** @type {BatchStatus} */ status) => {
    retry.hidden = status.failed === 0;
    discard.hidden = status.failed === 0;
    showSummary(summary, status);
    showFilters(filters, status, chosen.get(batchId) ?? "all", choose);
  };
  const choose = (/** @type {string} */ filter) => {
    chosen.set(batchId, filter);
    for (const chip of filters.querySelectorAll("button")) chip.setAttribute("aria-pressed", String(chip.dataset.filter === filter));
    void list.show(filter).catch(problemNotice);
  };
  const follow = follower(batchId, show, list.refresh, signal);
  const back = h("p", { class: "back" }, h("a", { href: "#/" }, `‹ ${t("batch.back")}`));
  fill(root, back, head, summary, actions, filters, list.element, keysHint());
  if (batch.status) show(batch.status);
  await list.show(chosen.get(batchId) ?? "all");
  onUploads(() => uploadsRest() && follow(), signal);
  follow();
}

/**
 * Starts to watch the batch, unless it is being watched: every change shows, and the list is read anew now and then.
 * @param {string} batchId
 * @param {(status: BatchStatus) => void} show
 * @param {() => Promise<void>} refresh
 * @param {AbortSignal} signal
 */
function follower(batchId, show, refresh, signal) {
  let watching = false;
  let stale = false;
  const refreshing = async () => {
    while ((watching || stale) && !signal.aborted) {
      if (stale) {
        stale = false;
        await refresh().catch(() => {});
      }
      await pause(BETWEEN_REFRESHES_MILLISECONDS, signal).catch(() => {});
    }
  };
  return async () => {
    if (watching) return;
    watching = true;
    let changes = 0;
    const note = (/** @type {BatchStatus} */ status) => {
      changes += 1;
      stale = true;
      show(status);
      if (status.finished && changes > 1) announce(t("batch.finished", { completed: status.completed, failed: status.failed }));
    };
    void refreshing();
    await watch(batchId, note, signal).catch(problemNotice);
    watching = false;
  };
}

/** @param {HTMLElement} summary @param {BatchStatus} status */
function showSummary(summary, status) {
  const number = (/** @type {string} */ key, /** @type {number} */ value, look = "") =>
    h("div", { class: `figure ${look}` }, h("dt", {}, t(key)), h("dd", {}, formatCount(value)));
  fill(
    summary,
    h("div", { class: "summary-bar" }, batchMark(status), progressBar(status)),
    h(
      "dl",
      { class: "figures" },
      number("batch.total", status.total_items),
      number("batch.published", status.completed),
      number("batch.waiting", status.failed, status.failed > 0 ? "warn" : ""),
      status.discarded > 0 && number("batch.discardedItems", status.discarded),
      number("batch.working", status.processing + status.pending),
    ),
  );
  summary.dataset.status = status.status;
}

/** @param {HTMLElement} filters @param {BatchStatus} status @param {string} current @param {(filter: string) => void} choose */
function showFilters(filters, status, current, choose) {
  if (filters.childElementCount === 0) {
    fill(
      filters,
      Object.keys(FILTERS).map((name) => {
        const count = h("span", { class: "count" });
        return h("button", { type: "button", class: "chip", data: { filter: name }, "aria-pressed": String(name === current), on: { click: () => choose(name) } }, t(`filter.${name}`), " ", count);
      }),
    );
  }
  for (const chip of filters.querySelectorAll("button")) {
    const count = chip.querySelector(".count");
    if (count) count.textContent = formatCount(countOf(chip.dataset.filter ?? "", status));
  }
}

/**
 * @param {string} id
 * @param {string} label
 * @param {() => void} follow
 * @param {() => Promise<string>} act says what came of it
 */
function actionButton(id, label, follow, act) {
  const button = h("button", { type: "button", id, hidden: true }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      notice(await act());
      follow();
    } catch (error) {
      problemNotice(error);
    }
    button.disabled = false;
  });
  return button;
}

/** @param {import("../types.js").Batch} batch @param {AbortSignal} signal */
function exportButton(batch, signal) {
  const button = h("button", { type: "button", id: "export" }, t("batch.export"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const address = URL.createObjectURL(await workbook(batch.id, signal));
      h("a", { href: address, download: `${batch.name ?? batch.id}.xlsx` }).click();
      URL.revokeObjectURL(address);
    } catch (error) {
      if (!signal.aborted) problemNotice(error);
    }
    button.disabled = false;
  });
  return button;
}

function keysHint() {
  const [before, j, between, k, after, enter, end] = t("batch.keys", { j: "\u0000j\u0000", k: "\u0000k\u0000", enter: "\u0000Enter\u0000" }).split("\u0000");
  return h("p", { class: "muted small keys" }, before, h("kbd", {}, j), between, h("kbd", {}, k), after, h("kbd", {}, enter), end);
}
