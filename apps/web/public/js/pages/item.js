/** One item: the original on the left, what was read of it on the right, and the place to put it right. */

import { get, patch, pause, post } from "../api.js";
import { announce, fill, h, isTyping } from "../dom.js";
import { unprovenField, valueAt } from "../fields.js";
import { formatMoment, t } from "../language.js";
import { attemptHistory } from "../parts/attempts.js";
import { fieldForm, pathOf } from "../parts/field-form.js";
import { acceptedCodes, confirmedFields, findingList } from "../parts/findings.js";
import { nameOf } from "../parts/item-list.js";
import { stateMark } from "../parts/marks.js";
import { mappingNeeded } from "../parts/mapping-needed.js";
import { notice, problemNotice } from "../parts/notices.js";
import { original } from "../parts/original.js";
import { FILTERS, phaseOf } from "../states.js";
import { neighbour } from "../trail.js";

/** @typedef {import("../types.js").ItemDetail} ItemDetail */
/** @typedef {import("../main.js").Visit} Visit */

const POLL_MILLISECONDS = 700;
const POLLS_SHOWN_AS_SAVING = 40;
const MOST_WAITING = 200;

/** @param {Visit} visit */
export async function itemPage(visit) {
  const { root, signal, params } = visit;
  /** @type {ItemDetail} */
  const item = await get(`items/${params[0]}`, { signal });
  document.title = `${nameOf(item)} · ${t("app.name")}`;
  const head = h("div", { class: "item-head" });
  const source = original(item, signal);
  const data = h("section", { class: "data", id: "data", "aria-label": t("item.data") });
  fill(root, h("p", { class: "back" }, h("a", { href: `#/batches/${item.batch_id}` }, `‹ ${t("item.back")}`), neighbours(item)), head, h("div", { class: "review" }, source.element, data));
  const show = (/** @type {ItemDetail} */ current) => {
    showHead(head, current, signal);
    showData(data, current, { visit, source, settled: show });
    if (phaseOf(current.state) === "working") void settled(current, signal).then(show, () => {});
  };
  show(item);
  walkByKeys(item, signal);
}

/**
 * Asks until the item is published or waits for a person again.
 * @param {ItemDetail} item
 * @param {AbortSignal} signal
 * @returns {Promise<ItemDetail>}
 */
async function settled(item, signal) {
  let current = item;
  for (let polls = 0; phaseOf(current.state) === "working"; polls += 1) {
    await pause(polls < POLLS_SHOWN_AS_SAVING ? POLL_MILLISECONDS : POLL_MILLISECONDS * 4, signal);
    current = await get(`items/${item.id}`, { signal });
  }
  return current;
}

/** @param {HTMLElement} head @param {ItemDetail} item @param {AbortSignal} signal */
function showHead(head, item, signal) {
  const next = h("button", { type: "button", id: "next-waiting", on: { click: () => void nextWaiting(item, signal).catch(problemNotice) } }, `${t("item.next")} ›`);
  fill(
    head,
    h("div", { class: "title" }, h("h1", {}, nameOf(item)), h("div", { id: "state", class: "state", data: { state: item.state } }, stateMark(item)), publication(item)),
    h("div", { class: "actions" }, ...personsButtons(item), next),
  );
}

/** @param {ItemDetail} item */
function publication({ publication: place }) {
  if (!place) return null;
  const copy = () => void navigator.clipboard?.writeText(place.id).then(() => notice(t("item.copied")), () => {});
  return h(
    "p",
    { class: "publication", id: "publication" },
    `${t("item.publishedAt", { when: formatMoment(place.published_at) })} ${t("item.publishedIn", { table: place.table })} · `,
    h("code", {}, place.id),
    navigator.clipboard && h("button", { type: "button", class: "link", on: { click: copy } }, t("item.copy")),
  );
}

/**
 * What a person can decide of the item as a whole.
 * @param {ItemDetail} item
 */
function personsButtons(item) {
  const phase = phaseOf(item.state);
  if (phase === "discarded") return [actionButton(item, "restore", t("item.restore"), t("item.restoredNotice"))];
  if (phase !== "waiting") return [];
  return [
    actionButton(item, "discard", t("item.discard"), t("item.discardedNotice")),
    actionButton(item, "retry", t("item.retry"), t("item.retriedNotice")),
  ];
}

/** @param {ItemDetail} item @param {"retry"|"discard"|"restore"} action @param {string} label @param {string} done */
function actionButton(item, action, label, done) {
  const button = h("button", { type: "button", id: action }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await post(`items/${item.id}/${action}`);
      notice(done);
      dispatchEvent(new CustomEvent("page-outdated"));
    } catch (error) {
      button.disabled = false;
      problemNotice(error);
    }
  });
  return button;
}

/** @param {ItemDetail} item @param {AbortSignal} signal */
async function nextWaiting(item, signal) {
  const page = await get(`batches/${item.batch_id}/items`, { query: { state: FILTERS.waiting, limit: MOST_WAITING }, signal });
  /** @type {import("../types.js").Item[]} */
  const others = page.items.filter((/** @type {import("../types.js").Item} */ other) => other.id !== item.id);
  const next = others.find(({ position }) => position > item.position) ?? others[0];
  location.hash = next ? `#/items/${next.id}` : `#/batches/${item.batch_id}`;
}

/**
 * @typedef {object} Bench
 * @property {Visit} visit
 * @property {ReturnType<typeof original>} source
 * @property {(item: ItemDetail) => void} settled
 */

/** @param {HTMLElement} data @param {ItemDetail} item @param {Bench} bench */
function showData(data, item, bench) {
  const container = item.kind === "container";
  const unmapped = phaseOf(item.state) === "waiting" && item.code === "mapping_needed";
  const editable = phaseOf(item.state) === "waiting" && !container && !unmapped;
  const document = item.document ?? (editable ? {} : null);
  const form = h("form", { class: "review-form", novalidate: true, autocomplete: "off" });
  const bar = saveBar();
  const changed = () => bar.count(fields ? Object.keys(entered(item, form, fields)).length + acceptedCodes(form).length : 0);
  const fields = document && fieldForm({ document, earlier: item.corrections, editable, doubtful: doubtfulPaths(item), turner: bench.source.turner, changed });
  const findings = findingList(item, { editable, goTo: (path) => fields?.goTo(path), changed });
  fill(form, findings, unmapped ? mappingNeeded(item, bench.visit.signal, bench.settled) : hint(item, editable, container), fields?.element, editable && bar.element);
  fill(data, form, attemptHistory(item.attempts));
  bench.visit.unsaved = () => bar.changes() > 0;
  const point = (/** @type {Event} */ event) => bench.source.point(document?.evidence?.[pathOf(event.target)]);
  bench.source.reach = (path) => fields?.goTo(path);
  form.addEventListener("focusin", point);
  form.addEventListener("click", point);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (editable && fields) void save(item, form, fields, bar, bench);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) form.requestSubmit();
    else if (event.target instanceof HTMLInputElement) event.preventDefault(); // Enter in one field is no wish to save them all
  });
}

/**
 * What was corrected, and what was confirmed as it was read.
 * @param {ItemDetail} item
 * @param {HTMLFormElement} form
 * @param {ReturnType<typeof fieldForm>} fields
 */
function entered(item, form, fields) {
  const confirmed = confirmedFields(form).map((path) => [path, valueAt(item.document, path)]);
  return { ...Object.fromEntries(confirmed), ...fields.corrections() };
}

/** @param {ItemDetail} item @param {boolean} editable @param {boolean} container */
function hint(item, editable, container) {
  if (container) return h("p", { class: "muted" }, t("item.containerHint"));
  if (item.document === null) return h("div", { class: "muted" }, h("p", {}, t("item.noDocument")), editable && h("p", {}, t("item.noDocumentHint")));
  return editable && h("p", { class: "muted" }, t("item.editHint"));
}

/** @param {ItemDetail} item */
function doubtfulPaths(item) {
  const open = item.findings.filter(({ severity, accepted }) => severity !== "note" && !accepted);
  return new Set(open.map(({ code, field }) => field ?? unprovenField(code, item.document) ?? ""));
}

function saveBar() {
  const count = h("span", { class: "muted", role: "status" });
  const reason = h("input", { id: "reason", maxlength: 1000, autocomplete: "off" });
  const save = h("button", { class: "primary", id: "save" }, t("item.save"));
  let changes = 0;
  const element = h(
    "div",
    { class: "save-bar" },
    h("div", { class: "reason" }, h("label", { for: "reason" }, t("item.reason")), reason),
    h("div", { class: "actions" }, count, save),
  );
  return {
    element,
    reason,
    changes: () => changes,
    count: (/** @type {number} */ n) => {
      changes = n;
      count.textContent = n > 0 ? t("item.changed", { n }) : "";
    },
    /** @param {boolean} busy */
    wait: (busy) => {
      save.disabled = busy;
      save.textContent = t(busy ? "item.saving" : "item.save");
    },
  };
}

/**
 * @param {ItemDetail} item
 * @param {HTMLFormElement} form
 * @param {ReturnType<typeof fieldForm>} fields
 * @param {ReturnType<typeof saveBar>} bar
 * @param {Bench} bench
 */
async function save(item, form, fields, bar, { visit, settled: show }) {
  const fault = fields.check();
  const corrections = entered(item, form, fields);
  const accept = acceptedCodes(form);
  const reason = bar.reason.value.trim();
  if (fault) return refuse(fault.control, t("item.invalid"));
  if (accept.length > 0 && !reason) return refuse(bar.reason, t("item.reasonMissing"));
  if (Object.keys(corrections).length + accept.length === 0) return notice(t("item.nothing"));
  bar.wait(true);
  try {
    const taken = await patch(`items/${item.id}`, { corrections, accept, reason: reason || null });
    bar.count(0);
    const result = await settled(taken, visit.signal);
    show(result);
    notice(t({ published: "item.published", waiting: "item.stillWaiting", working: "item.stillWorking", discarded: "item.discardedNotice" }[phaseOf(result.state)]));
    announce(t(`phase.${phaseOf(result.state)}`));
  } catch (error) {
    bar.wait(false);
    if (!visit.signal.aborted) problemNotice(error);
  }
}

/** @param {HTMLElement} control @param {string} text */
function refuse(control, text) {
  notice(text);
  control.focus();
}

/** @param {ItemDetail} item */
function neighbours(item) {
  const link = (/** @type {number} */ step, /** @type {string} */ text) => {
    const id = neighbour(item, step);
    return id && h("a", { href: `#/items/${id}` }, text);
  };
  return h("span", { class: "neighbours" }, link(-1, `‹ ${t("item.previousKey")}`), " ", link(1, `${t("item.nextKey")} ›`));
}

/** @param {ItemDetail} item @param {AbortSignal} signal */
function walkByKeys(item, signal) {
  addEventListener(
    "keydown",
    (event) => {
      const step = { j: 1, k: -1 }[event.key];
      if (!step || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const id = neighbour(item, step);
      if (id) location.hash = `#/items/${id}`;
    },
    { signal },
  );
}
