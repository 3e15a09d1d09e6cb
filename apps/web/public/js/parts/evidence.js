/** Where a value comes from: small badges beside it, and everything known of it on demand. */

import { fill, h } from "../dom.js";
import { formatCount, named, t } from "../language.js";

/** @typedef {import("../types.js").Evidence} Evidence */
/** Asked when it is needed: the original may still be on its way. @typedef {() => ((page: number) => void)|null} Turner */

const DOUBTFUL_BELOW = 0.8;
const MARGIN = 8;

/** @param {Evidence|undefined} evidence */
export function isDoubtful(evidence) {
  if (!evidence || (evidence.proofs ?? []).length > 0) return false;
  return (evidence.confidence ?? 1) < DOUBTFUL_BELOW;
}

/** @param {Evidence|undefined} evidence */
export function proofBadges(evidence) {
  return (evidence?.proofs ?? []).map((proof) => h("span", { class: `badge ${proof}` }, named("proof", proof)));
}

/**
 * A small button that shows the evidence of one value, or of the values of a row.
 * @param {string} label
 * @param {{title: string, evidence: Evidence}[]} entries
 * @param {Turner} turner
 */
export function evidenceButton(label, entries, turner) {
  const button = h("button", { type: "button", class: "evidence-button", "aria-label": label, title: label, "aria-haspopup": "dialog" }, "i");
  button.addEventListener("click", () => showEvidence(button, entries, turner()));
  return button;
}

/** @param {HTMLElement} anchor @param {{title: string, evidence: Evidence}[]} entries @param {((page: number) => void)|null} goTo */
function showEvidence(anchor, entries, goTo) {
  document.getElementById("evidence")?.remove();
  const close = h("button", { type: "button", class: "quiet", "aria-label": t("evidence.close") }, "×");
  const popover = h("div", { id: "evidence", class: "evidence", popover: "auto", role: "dialog", "aria-label": t("evidence.title") });
  fill(popover, h("div", { class: "evidence-head" }, h("strong", {}, t("evidence.title")), close), entries.map((entry) => known(entry, goTo)));
  close.addEventListener("click", () => popover.hidePopover());
  popover.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") popover.remove();
  });
  anchor.after(popover);
  popover.showPopover();
  place(popover, anchor);
}

/** @param {HTMLElement} popover @param {HTMLElement} anchor */
function place(popover, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = at.bottom + MARGIN + height <= innerHeight;
  popover.style.left = `${Math.max(MARGIN, Math.min(at.right - width, innerWidth - width - MARGIN))}px`;
  popover.style.top = `${below ? at.bottom + MARGIN : Math.max(MARGIN, at.top - height - MARGIN)}px`;
}

/** @param {{title: string, evidence: Evidence}} entry @param {((page: number) => void)|null} goTo */
function known({ title, evidence }, goTo) {
  const { page, proofs = [], confidence } = evidence;
  const show = goTo && page ? h("button", { type: "button", class: "link", on: { click: () => goTo(page) } }, t("item.goToPage", { n: page })) : null;
  /** @type {[string, import("../dom.js").Child|import("../dom.js").Child[]][]} */
  const rows = [
    ["source", named("source", evidence.source)],
    ["text", evidence.text ? h("q", {}, evidence.text) : null],
    ["page", page ? [String(page), " ", show] : null],
    ["path", evidence.path ? h("code", {}, evidence.path) : null],
    ["proofs", proofs.length > 0 ? proofBadges(evidence) : t("evidence.noProof")],
    ["confidence", typeof confidence === "number" ? `${formatCount(Math.floor(confidence * 100))} %` : null],
  ];
  const shown = rows.filter(([, value]) => value !== null);
  return h("section", {}, h("h3", {}, title), h("dl", {}, shown.map(([name, value]) => [h("dt", {}, t(`evidence.${name}`)), h("dd", {}, value)]).flat()));
}
