/** What the rules say of an item: the message with its remedy, where it is, and the choice to accept it. */

import { h } from "../dom.js";
import { unprovenField, valueAt } from "../fields.js";
import { formatDay, formatDecimal, t } from "../language.js";
import { fieldTitle } from "./field-names.js";

/** @typedef {import("../types.js").Finding} Finding */

const SIGNS = { blocks: "✕", look: "!", note: "i" };
const ORDER = { blocks: 0, look: 1, note: 2 };

/** @typedef {{editable: boolean, goTo: (path: string) => void, changed: () => void}} Options */

/**
 * @param {import("../types.js").ItemDetail} item
 * @param {Options} options
 */
export function findingList(item, options) {
  const all = [...itemFinding(item), ...item.findings].sort((one, other) => ORDER[one.severity] - ORDER[other.severity]);
  if (all.length === 0) return null;
  return h("section", { class: "findings", id: "findings", "aria-label": t("item.findings") }, h("h2", {}, t("item.findings")), h("ul", {}, all.map((finding) => entry(finding, item, options))));
}

/** The codes that are to be accepted. @param {ParentNode} root */
export function acceptedCodes(root) {
  return ticked(root, "accept");
}

/** The fields that a person says were read right. @param {ParentNode} root */
export function confirmedFields(root) {
  return ticked(root, "confirm");
}

/** @param {ParentNode} root @param {string} name @returns {string[]} */
function ticked(root, name) {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll(`input[name=${name}]:checked`));
  return [...new Set(Array.from(boxes, ({ value }) => value))];
}

/** Why the item itself stopped, where no finding says it. @param {import("../types.js").ItemDetail} item @returns {Finding[]} */
function itemFinding(item) {
  const { code, message, detail } = item;
  if (!code || item.findings.some((finding) => finding.code === code)) return [];
  // Of a file that is known, the detail is the item that brought it first.
  const params = code === "duplicate_file" && detail ? { item: detail } : {};
  return [{ code, severity: "blocks", field: null, params, message: message ?? detail ?? "", accepted: false }];
}

/** @param {Finding} finding @param {import("../types.js").ItemDetail} item @param {Options} options */
function entry(finding, item, { editable, goTo, changed }) {
  const { code, severity, accepted } = finding;
  const unproven = unprovenField(code, item.document);
  const field = finding.field ?? unproven;
  const weight = accepted ? t("finding.accepted") : t(`finding.${severity}`);
  const place = field && h("button", { type: "button", class: "link", on: { click: () => goTo(field) } }, t("finding.goto", { field: fieldTitle(field) }));
  const choice = editable && severity === "blocks" && !accepted && (confirmBox(unproven, item, changed) ?? acceptBox(code, changed));
  return h(
    "li",
    { class: accepted ? "note" : severity, data: field ? { path: field } : {} },
    h("p", { class: "weight" }, h("span", { "aria-hidden": "true" }, accepted ? "✓" : SIGNS[severity]), ` ${weight} `, h("code", {}, code)),
    h("p", {}, finding.message),
    h("div", { class: "finding-actions" }, choice, place, otherItem(finding)),
  );
}

/** The item that a duplicate collides with. @param {Finding} finding */
function otherItem({ params }) {
  return params.item && h("a", { href: `#/items/${params.item}` }, t("finding.otherItem"));
}

/** @param {string} code @param {() => void} changed */
function acceptBox(code, changed) {
  return h("label", { class: "check" }, h("input", { type: "checkbox", name: "accept", value: code, on: { change: changed } }), t("finding.accept"));
}

/**
 * A value that was read right is entered as it is: then a person has proven it.
 * @param {string|null} path
 * @param {import("../types.js").ItemDetail} item
 * @param {() => void} changed
 */
function confirmBox(path, item, changed) {
  const value = path && valueAt(item.document, path);
  if (!path || !value) return null;
  const box = h("input", { type: "checkbox", name: "confirm", value: path, on: { change: changed } });
  const text = path.startsWith("totals.") ? formatDecimal(value) : formatDay(value);
  return h("label", { class: "check" }, box, h("span", {}, t("finding.confirm"), " ", h("strong", { class: "digits" }, text)));
}
