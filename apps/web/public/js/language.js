/** Spanish and English: which one, and how it writes words, dates, amounts. */

import { ENGLISH } from "./words-en.js";
import { SPANISH } from "./words-es.js";

/** @typedef {"es"|"en"} Language */

const NAME = "gestiqcloud-imports.language";
/** @type {Record<Language, Record<string, string>>} */
const WORDS = { es: SPANISH, en: ENGLISH };
/** Day before month in both: the documents are Spanish and Ecuadorian, and 04/10 must not mean two things. */
const LOCALES = { es: "es", en: "en-GB" };
const MARKS = { es: { group: ".", decimal: "," }, en: { group: ",", decimal: "." } };

/** @returns {Language} */
export function language() {
  const chosen = localStorage.getItem(NAME);
  if (chosen === "es" || chosen === "en") return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in WORDS) === "en" ? "en" : "es";
}

/** @param {Language} wanted */
export function setLanguage(wanted) {
  localStorage.setItem(NAME, wanted);
}

/**
 * The words of a key, with `{name}` filled in. `key.one` is taken where n is 1.
 * @param {string} key
 * @param {Record<string, string|number>} [params]
 * @returns {string}
 */
export function t(key, params = {}) {
  const words = WORDS[language()];
  const text = (params.n === 1 ? words[`${key}.one`] : undefined) ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole));
}

/**
 * The words of a name that the API may have and this page not yet know: then the name itself.
 * @param {string} group
 * @param {string|null|undefined} name
 */
export function named(group, name) {
  if (!name) return "";
  return WORDS[language()][`${group}.${name}`] ?? name.replaceAll("_", " ");
}

/** @param {string|null|undefined} instant */
export function formatMoment(instant) {
  if (!instant) return "";
  return new Intl.DateTimeFormat(LOCALES[language()], { dateStyle: "medium", timeStyle: "short" }).format(new Date(instant));
}

/** Day first. @param {string|null|undefined} day ISO date */
export function formatDay(day) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day ?? "")) return day ?? "";
  return String(day).split("-").reverse().join("/");
}

/**
 * A day as a person typed it, day first or in ISO form. Null where there is no such day.
 * @param {string} typed
 * @returns {string|null}
 */
export function parseDay(typed) {
  const first = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed);
  const iso = first ? `${first[3]}-${first[2].padStart(2, "0")}-${first[1].padStart(2, "0")}` : typed;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : null;
  return day && !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(iso) ? iso : null;
}

/** @param {number} number */
export function formatCount(number) {
  return new Intl.NumberFormat(language()).format(number);
}

/**
 * A decimal as the language writes it, digit for digit: no number type that could round comes near it.
 * @param {string|number|null|undefined} value
 */
export function formatDecimal(value) {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value ?? ""));
  if (!match) return String(value ?? "");
  const [, sign, whole, fraction] = match;
  const { group, decimal } = MARKS[language()];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${sign ? "−" : ""}${grouped}${fraction ? decimal + fraction : ""}`;
}

/**
 * What a person typed, as the API takes it. Null where it could mean two things (1.234) or nothing.
 * @param {string} typed
 * @returns {string|null}
 */
export function parseDecimal(typed) {
  const text = typed.replace(/[\s\u00a0\u202f'’€$]/g, "").replace(/^[−–]/, "-");
  const last = Math.max(text.lastIndexOf(","), text.lastIndexOf("."));
  if (last < 0) return /^-?\d+$/.test(text) ? text : null;
  const mark = text[last];
  const [whole, fraction] = [text.slice(0, last), text.slice(last + 1)];
  const other = mark === "," ? "." : ",";
  const repeated = whole.includes(mark);
  if (repeated) return isGrouped(text, mark) ? text.replaceAll(mark, "") : null;
  if (whole.includes(other)) return isGrouped(whole, other) && /^\d+$/.test(fraction) ? `${whole.replaceAll(other, "")}.${fraction}` : null;
  if (!/^-?\d+$/.test(whole) || !/^\d+$/.test(fraction)) return null;
  const couldGroup = fraction.length === 3 && /^-?[1-9]\d{0,2}$/.test(whole);
  return couldGroup ? null : `${whole}.${fraction}`;
}

/** @param {string} text @param {string} mark */
function isGrouped(text, mark) {
  return new RegExp(`^-?\\d{1,3}(\\${mark}\\d{3})+$`).test(text);
}
