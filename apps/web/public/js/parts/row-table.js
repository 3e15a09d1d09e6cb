/** A list of the document (taxes, lines, movements) as a table whose rows can be corrected, added and removed. */

import { fill, h } from "../dom.js";
import { valueAt } from "../fields.js";
import { named, t } from "../language.js";
import { evidenceButton, isDoubtful } from "./evidence.js";
import { entryOf, shown } from "./inputs.js";

/** @typedef {import("../fields.js").Group} Group */
/** @typedef {import("../fields.js").Field} Field */
/** @typedef {import("./field-form.js").Desk} Desk */
/** @typedef {import("./inputs.js").Entry} Entry */
/** `origin` is the row's position in the document as it was read, or null for a new one. @typedef {{origin: number|null, entries: Entry[], element: HTMLElement}} Row */

/** @param {Group} group @param {Desk} desk @param {import("./field-form.js").Part[]} parts */
export function rowTable(group, desk, parts) {
  /** @type {Record<string, unknown>[]} */
  const values = valueAt(desk.document, group.prefix) ?? [];
  if (values.length === 0 && !desk.editable) return null;
  const columns = group.fields.filter((field) => (desk.editable && field.usual) || values.some((value) => value[field.name] !== undefined));
  const body = h("tbody", {});
  /** @type {Row[]} */
  let rows = [];
  const draw = () => fill(body, rows.map((row) => row.element));
  const add = (/** @type {number|null} */ origin) => {
    const made = { origin, entries: /** @type {Entry[]} */ ([]), element: h("tr", {}) };
    fillRow(made, { group, columns, desk, label: origin ?? rows.length }, () => {
      rows = rows.filter((row) => row !== made);
      draw();
      desk.changed();
    });
    rows.push(made);
  };
  values.forEach((_, index) => add(index));
  draw();
  const more = () => {
    add(null);
    draw();
    rows.at(-1)?.entries[0]?.control.focus();
  };
  parts.push({ entries: () => rows.flatMap((row) => row.entries), corrections: () => corrections(group, rows, values, desk.earlier) });
  const button = desk.editable && h("button", { type: "button", class: "link", on: { click: more } }, `+ ${t("item.addRow")}`);
  return h("div", { class: "scroll", data: { path: group.prefix } }, h("table", { class: "cells", "aria-label": t(`group.${group.name}`) }, head(columns), body), button);
}

/** @param {Field[]} columns */
function head(columns) {
  const cells = columns.map((field) => h("th", { scope: "col", class: look(field) }, named("field", field.name)));
  return h("thead", {}, h("tr", {}, cells, h("th", {}, "")));
}

/**
 * @param {Row} row
 * @param {{group: Group, columns: Field[], desk: Desk, label: number}} place
 * @param {() => void} remove
 */
function fillRow(row, { group, columns, desk, label }, remove) {
  const cells = columns.map((field) => cell(row, field, group, desk, label));
  const evidence = desk.document.evidence ?? {};
  const known = columns
    .map((field) => ({ title: named("field", field.name), evidence: evidence[`${group.prefix}.${row.origin}.${field.name}`] }))
    .filter((entry) => entry.evidence !== undefined);
  const info = known.length > 0 && evidenceButton(t("item.rowEvidence", { n: label + 1 }), known, desk.turner);
  const drop = desk.editable && h("button", { type: "button", class: "quiet", "aria-label": t("item.removeRow", { n: label + 1 }), title: t("item.removeRow", { n: label + 1 }), on: { click: remove } }, "×");
  fill(row.element, cells, h("td", { class: "row-end" }, info, drop));
}

/** @param {Row} row @param {Field} field @param {Group} group @param {Desk} desk @param {number} label */
function cell(row, field, group, desk, label) {
  const path = `${group.prefix}.${row.origin ?? `new${label}`}.${field.name}`;
  const value = row.origin === null ? undefined : valueAt(desk.document, path);
  const doubtful = desk.doubtful.has(path) || isDoubtful(desk.document.evidence?.[path]);
  const attributes = { class: `${look(field)}${doubtful ? " doubtful" : ""}`, data: { path }, title: doubtful ? t("form.doubtful") : null };
  if (!desk.editable) return h("td", attributes, doubtful && h("span", { class: "doubt" }, "! "), shown(value, field.kind));
  const title = `${named("field", field.name)} · ${label + 1}${doubtful ? ` (${t("form.doubtful")})` : ""}`;
  const entry = entryOf(path, value, field.kind, { "aria-label": title });
  entry.control.addEventListener("input", desk.changed);
  row.entries.push(entry);
  return h("td", attributes, doubtful && h("span", { class: "doubt", "aria-hidden": "true" }, "!"), entry.control);
}

/** @param {Field} field */
function look(field) {
  return field.kind === "decimal" ? "number" : field.kind === "long" ? "long" : "digits";
}

/**
 * Cell by cell while the rows are the same; the whole list where one came or went.
 * @param {Group} group
 * @param {Row[]} rows
 * @param {Record<string, unknown>[]} values
 * @param {Record<string, unknown>} earlier
 * @returns {Record<string, unknown>}
 */
function corrections(group, rows, values, earlier) {
  const filled = rows.filter((row) => row.origin !== null || row.entries.some((entry) => entry.control.value.trim() !== ""));
  const same = filled.length === values.length && filled.every((row, index) => row.origin === index);
  if (same) {
    const changed = filled.flatMap((row) => row.entries).filter((entry) => entry.changed());
    return Object.fromEntries(changed.map((entry) => [entry.path, entry.value()]));
  }
  const list = filled.map((row) => rowValue(row, row.origin === null ? {} : values[row.origin]));
  return { [group.prefix]: list, ...restated(group.prefix, list, earlier) };
}

/** @param {Row} row @param {Record<string, unknown>} read */
function rowValue(row, read) {
  const value = { ...read };
  for (const entry of row.entries) {
    const name = entry.path.split(".").at(-1) ?? "";
    const entered = entry.changed() ? entry.value() : (read[name] ?? null);
    if (entered === null) delete value[name];
    else value[name] = entered;
  }
  return value;
}

/**
 * Corrections of single cells are kept by the server and laid over the list: they must say what the list says now.
 * @param {string} prefix
 * @param {Record<string, unknown>[]} list
 * @param {Record<string, unknown>} earlier
 */
function restated(prefix, list, earlier) {
  const paths = Object.keys(earlier).filter((path) => path.startsWith(`${prefix}.`));
  return Object.fromEntries(paths.map((path) => [path, valueAt(list, path.slice(prefix.length + 1)) ?? null]));
}
