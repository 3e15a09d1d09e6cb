/** What the rules say of an item: the message with its remedy, where it is, and the choice to accept it. */

import { h } from "../dom.js";
import { t } from "../language.js";
import { fieldTitle } from "./field-names.js";

/** @typedef {import("../types.js").Finding} Finding */

const SIGNS = { blocks: "⛔", look: "!", note: "i" };
const ORDER = { blocks: 0, look: 1, note: 2 };

/**
 * @param {import("../types.js").ItemDetail} item
 * @param {{editable: boolean, goTo: (path: string) => void, changed: () => void}} options
 */
export function findingList(item, options) {
  const all = [...itemFinding(item), ...item.findings].sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);
  if (all.length === 0) return null;
  return h("section", { class: "findings", id: "findings", "aria-label": t("item.findings") }, h("h2", {}, t("item.findings")), h("ul", {}, all.map((finding) => entry(finding, options))));
}

/** The codes that are ticked. @param {ParentNode} root @returns {string[]} */
export function acceptedCodes(root) {
  const ticked = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("input[name=accept]:checked"));
  return [...new Set(Array.from(ticked, ({ value }) => value))];
}

/** Why the item itself stopped, where no finding says it. @param {import("../types.js").ItemDetail} item @returns {Finding[]} */
function itemFinding(item) {
  const { code, message, detail } = item;
  if (!code || item.findings.some((finding) => finding.code === code)) return [];
  return [{ code, severity: "blocks", field: null, message: [message, detail].filter(Boolean).join(" "), accepted: false }];
}

/** @param {Finding} finding @param {{editable: boolean, goTo: (path: string) => void, changed: () => void}} options */
function entry(finding, { editable, goTo, changed }) {
  const { field, code, severity, accepted } = finding;
  const weight = accepted ? t("finding.accepted") : t(`finding.${severity}`);
  const place = field && h("button", { type: "button", class: "link", on: { click: () => goTo(field) } }, t("finding.goto", { field: fieldTitle(field) }));
  const box = h("input", { type: "checkbox", name: "accept", value: code, on: { change: changed } });
  const accept = editable && severity === "blocks" && !accepted && h("label", { class: "check" }, box, t("finding.accept"));
  return h(
    "li",
    { class: accepted ? "note" : severity },
    h("p", { class: "weight" }, h("span", { "aria-hidden": "true" }, accepted ? "✓" : SIGNS[severity]), ` ${weight} `, h("code", {}, code)),
    h("p", {}, finding.message),
    h("div", { class: "finding-actions" }, place, accept),
  );
}
