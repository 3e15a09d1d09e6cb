/** One value to be edited: what it shows, whether it was changed, and what it means to the API. */

import { h } from "../dom.js";
import { DOCUMENT_TYPES } from "../fields.js";
import { formatDay, formatDecimal, language, named, parseDay, parseDecimal, t } from "../language.js";

/** @typedef {import("../fields.js").FieldKind} FieldKind */
/** @typedef {HTMLInputElement|HTMLSelectElement|HTMLTextAreaElement} Control */

/**
 * @typedef {object} Entry
 * @property {string} path
 * @property {Control} control
 * @property {() => boolean} changed
 * @property {() => string|null} value null removes the field
 * @property {() => string} fault why the value cannot be understood, or nothing
 */

/** A value as text. @param {any} value @param {FieldKind} kind @returns {string} */
export function shown(value, kind) {
  if (value === null || value === undefined) return "";
  if (kind === "decimal") return formatDecimal(value);
  if (kind === "date") return formatDay(value);
  if (kind === "docType") return named("docType", value);
  return Array.isArray(value) ? value.join(" · ") : String(value);
}

/**
 * @param {string} path
 * @param {any} value
 * @param {FieldKind} kind
 * @param {Record<string, string|null>} attributes
 * @returns {Entry}
 */
export function entryOf(path, value, kind, attributes) {
  const control = controlOf(value, kind, { ...attributes, "data-path": path });
  const initial = control.value;
  return {
    path,
    control,
    changed: () => control.value.trim() !== initial.trim(),
    value: () => meaning(control.value.trim(), kind),
    fault: () => faultOf(control, kind),
  };
}

/** @param {any} value @param {FieldKind} kind @param {Record<string, string|null>} attributes @returns {Control} */
function controlOf(value, kind, attributes) {
  const text = String(value ?? "");
  const plain = { ...attributes, autocomplete: "off", spellcheck: "false" };
  switch (kind) {
    case "docType":
      return choice(text, attributes);
    case "date":
      // No input of type date: it writes days in the browser's language, whatever the page's.
      return h("input", { ...plain, inputmode: "numeric", class: "digits", placeholder: t("form.dayShape"), value: formatDay(value) });
    case "decimal":
      return h("input", { ...plain, inputmode: "decimal", class: "number", value: decimalInput(text) });
    case "long":
      return h("textarea", { ...plain, rows: text.length > 60 ? 2 : 1, value: text });
    default:
      return h("input", { ...plain, value: text });
  }
}

/** @param {string} current @param {Record<string, string|null>} attributes */
function choice(current, attributes) {
  const options = DOCUMENT_TYPES.map((type) => h("option", { value: type, selected: type === current }, named("docType", type)));
  return h("select", attributes, current === "" && h("option", { value: "" }, t("form.choose")), options);
}

/** Without groups of three, so that what is shown is never what would be doubtful if typed. @param {string} value */
function decimalInput(value) {
  const text = language() === "es" ? value.replace(".", ",") : value;
  return parseDecimal(text) === null && text !== "" ? `${text}0` : text;
}

/** @param {string} text @param {FieldKind} kind */
function meaning(text, kind) {
  if (text === "") return null;
  if (kind === "date") return parseDay(text);
  return kind === "decimal" ? parseDecimal(text) : text;
}

/** @param {Control} control @param {FieldKind} kind @returns {string} */
function faultOf(control, kind) {
  const text = control.value.trim();
  if (kind === "date" && text !== "" && parseDay(text) === null) return t("form.date");
  if (kind !== "decimal" || text === "" || parseDecimal(text) !== null) return "";
  const parts = /^([-−]?\d{1,3})([.,])(\d{3})$/.exec(text);
  if (!parts) return t("form.amount");
  const mark = language() === "es" ? "," : ".";
  return t("form.ambiguous", { whole: parts[1] + parts[3], fraction: `${parts[1]}${mark}${parts[3]}0` });
}
