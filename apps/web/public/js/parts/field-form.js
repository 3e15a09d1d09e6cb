/** The fields of a document in their groups: to read, or to correct where the item waits for a person. */

import { h } from "../dom.js";
import { GROUPS, familyOf, valueAt } from "../fields.js";
import { named, t } from "../language.js";
import { evidenceButton, isDoubtful, proofBadges } from "./evidence.js";
import { entryOf, shown } from "./inputs.js";
import { rowTable } from "./row-table.js";

/** @typedef {import("../types.js").Evidence} Evidence */
/** @typedef {import("../fields.js").Group} Group */
/** @typedef {import("../fields.js").Field} Field */
/** @typedef {import("./inputs.js").Entry} Entry */

/**
 * What the groups of a form share. `corrections` gathers what was changed.
 * @typedef {object} Desk
 * @property {import("../types.js").CanonicalDocument} document
 * @property {Record<string, unknown>} earlier corrections that were entered before
 * @property {boolean} editable
 * @property {Set<string>} doubtful paths that a finding names
 * @property {import("./evidence.js").Turner} turner
 * @property {() => void} changed
 */

/** A part of the form that can say what was changed in it. @typedef {{entries: () => Entry[], corrections: () => Record<string, unknown>}} Part */

/** @param {Desk} desk */
export function fieldForm(desk) {
  const family = familyOf(desk.document.doc_type);
  /** @type {Part[]} */
  const parts = [];
  const sections = groupsOf(family).map(([name, groups]) => section(name, groups, desk, parts)).filter((one) => one !== null);
  const element = h("div", { class: "fields", id: "fields", data: { all: "false" } }, sections, desk.editable && allToggle());
  const entries = () => parts.flatMap((part) => part.entries());
  return {
    element,
    corrections: () => Object.assign({}, ...parts.map((part) => part.corrections())),
    /** Marks what cannot be understood and answers with the first of it. */
    check: () => entries().filter((entry) => entry.changed()).map(checked).find(Boolean) ?? null,
    /** @param {string} path */
    goTo: (path) => reach(element, path),
  };
}

/** The field that something in the page is about. @param {EventTarget|null} target */
export function pathOf(target) {
  const place = target instanceof Element ? target.closest("[data-path]") : null;
  return place instanceof HTMLElement ? (place.dataset.path ?? "") : "";
}

/** @param {import("../fields.js").Family} family @returns {[string, Group[]][]} */
function groupsOf(family) {
  /** @type {Map<string, Group[]>} */
  const byName = new Map();
  for (const group of GROUPS) {
    if (group.families.includes(family)) byName.set(group.name, [...(byName.get(group.name) ?? []), group]);
  }
  return [...byName];
}

/** @param {string} name @param {Group[]} groups @param {Desk} desk @param {Part[]} parts */
function section(name, groups, desk, parts) {
  const [first] = groups;
  const body = first.list ? rowTable(first, desk, parts) : rows(groups, desk, parts);
  if (body === null) return null;
  const spare = first.list && desk.editable && name !== "taxes" && !(valueAt(desk.document, name)?.length > 0);
  return h("section", { class: `group ${name}${spare ? " spare" : ""}`, "aria-label": t(`group.${name}`) }, h("h3", {}, t(`group.${name}`)), body);
}

/** @param {Group[]} groups @param {Desk} desk @param {Part[]} parts */
function rows(groups, desk, parts) {
  /** @type {Entry[]} */
  const entries = [];
  const made = groups.flatMap(({ prefix, fields }) => fields.map((field) => row(prefix + field.name, field, desk, entries))).filter((one) => one !== null);
  parts.push({ entries: () => entries, corrections: () => Object.fromEntries(entries.filter((entry) => entry.changed()).map((entry) => [entry.path, entry.value()])) });
  return made.length > 0 ? h("div", { class: "rows" }, made) : null;
}

/** @param {string} path @param {Field} field @param {Desk} desk @param {Entry[]} entries */
function row(path, field, desk, entries) {
  const value = valueAt(desk.document, path);
  const editable = desk.editable && field.kind !== "fixed";
  const empty = value === undefined || value === null || value.length === 0;
  if (empty && !editable) return null;
  const evidence = desk.document.evidence?.[path];
  const doubtful = desk.doubtful.has(path) || isDoubtful(evidence);
  const hidden = empty && !field.usual && !doubtful;
  const look = `field${doubtful ? " doubtful" : ""}${hidden ? " spare" : ""}${field.kind === "long" ? " wide" : ""}`;
  const id = `field-${path.replaceAll(".", "-")}`;
  const title = named("field", field.name);
  return h(
    "div",
    { class: look, data: { path } },
    h(
      "div",
      { class: "field-head" },
      h(editable ? "label" : "span", { class: "name", for: editable ? id : null }, title, doubtful && doubtMark()),
      evidence && h("span", { class: "proofs" }, proofBadges(evidence), evidenceButton(t("item.evidence", { field: title }), [{ title, evidence }], desk.turner)),
    ),
    h("div", { class: "value" }, editable ? control(path, value, field, id, desk, entries) : text(value, field)),
    editable && h("p", { class: "fault", id: `${id}-fault` }),
  );
}

/** @param {string} path @param {any} value @param {Field} field @param {string} id @param {Desk} desk @param {Entry[]} entries */
function control(path, value, field, id, desk, entries) {
  const entry = entryOf(path, value, field.kind, { id, "aria-describedby": `${id}-fault` });
  entry.control.addEventListener("input", () => {
    if (entry.control.getAttribute("aria-invalid")) checked(entry);
    desk.changed();
  });
  entries.push(entry);
  return entry.control;
}

/** @param {any} value @param {Field} field */
function text(value, field) {
  return h("span", { class: field.kind === "decimal" ? "number" : field.kind === "date" ? "digits" : "" }, shown(value, field.kind));
}

function doubtMark() {
  return h("span", { class: "doubt" }, h("span", { "aria-hidden": "true" }, "! "), t("form.doubtful"));
}

/** @param {Entry} entry @returns {Entry|null} the entry itself where it has a fault */
function checked(entry) {
  const fault = entry.fault();
  const place = document.getElementById(`${entry.control.id}-fault`);
  entry.control.toggleAttribute("aria-invalid", fault !== "");
  if (fault) entry.control.setAttribute("aria-invalid", "true");
  entry.control.title = place ? "" : fault;
  if (place) place.textContent = fault;
  return fault ? entry : null;
}

function allToggle() {
  const button = h("button", { type: "button", class: "link", "aria-expanded": "false" }, t("item.moreFields"));
  button.addEventListener("click", () => {
    const form = /** @type {HTMLElement} */ (button.closest(".fields"));
    const all = form.dataset.all !== "true";
    form.dataset.all = String(all);
    button.textContent = t(all ? "item.fewerFields" : "item.moreFields");
    button.setAttribute("aria-expanded", String(all));
  });
  return button;
}

/** @param {HTMLElement} element @param {string} path */
function reach(element, path) {
  const at = (/** @type {string} */ wanted) => /** @type {HTMLElement|null} */ (element.querySelector(`[data-path="${CSS.escape(wanted)}"]`));
  const place = at(path) ?? at(path.split(".").slice(0, -1).join(".")) ?? at(path.split(".")[0]);
  if (!place) return;
  if (place.closest(".spare")) element.dataset.all = "true";
  place.scrollIntoView({ block: "center", behavior: "smooth" });
  const target = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea, button");
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}
