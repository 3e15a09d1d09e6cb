/** Small marks: how a batch or an item stands, in words and with a sign, never by colour alone. */

import { h } from "../dom.js";
import { formatCount, named, t } from "../language.js";
import { phaseOf } from "../states.js";

const SIGNS = { published: "✓", waiting: "!", working: "↻", split: "»", discarded: "–" };
const BATCH_PHASES = { pending: "working", processing: "working", completed: "published", completed_with_errors: "waiting" };

/** @param {import("../types.js").Item} item */
export function stateMark(item) {
  const phase = phaseOf(item.state);
  if (phase === "published" && item.kind === "container") return mark("split", t("phase.split"), "");
  return mark(phase, phase === "working" ? named("state", item.state) : t(`phase.${phase}`), named("state", item.state));
}

/** @param {import("../types.js").BatchStatus} status */
export function batchMark(status) {
  const phase = /** @type {keyof typeof SIGNS} */ (BATCH_PHASES[status.status]);
  return mark(phase, t(`batchStatus.${status.status}`), "");
}

/** @param {keyof typeof SIGNS} phase @param {string} text @param {string} title */
function mark(phase, text, title) {
  return h("span", { class: `mark ${phase}`, title: title || null }, h("span", { "aria-hidden": "true" }, SIGNS[phase]), ` ${text}`);
}

/**
 * Published, waiting and in work as one bar.
 * @param {import("../types.js").BatchStatus} status
 */
export function progressBar(status) {
  const percent = formatCount(status.progress);
  const bar = h("progress", { max: 100, value: status.progress, "aria-label": t("batch.progressLabel", { percent }) });
  return h("span", { class: "progress" }, bar, h("span", { class: "number" }, `${percent} %`));
}

/** @param {import("../types.js").BatchStatus} status */
export function countsText(status) {
  const working = formatCount(status.processing + status.pending);
  return t("batches.counts", { completed: formatCount(status.completed), failed: formatCount(status.failed), working });
}

/** @param {string} title @param {string} hint */
export function emptyState(title, hint) {
  return h("div", { class: "empty" }, h("h2", {}, title), h("p", { class: "muted" }, hint));
}
