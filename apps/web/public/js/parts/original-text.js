/** An original that is text (XML, bank records, CSV), shown as text, with the focused value marked. */

import { h } from "../dom.js";

/** @typedef {import("../types.js").Evidence} Evidence */

/** @param {string} source @returns {import("./original.js").View} */
export function textView(source) {
  const text = readable(source);
  const pre = h("pre", { class: "text", tabindex: 0 }, text);
  const element = h("div", { class: "text-frame" }, pre);
  const point = (/** @type {Evidence|undefined} */ evidence) => {
    const range = evidence?.text ? rangeOf(text, evidence.text, evidence.path ?? "") : null;
    if (range === null) return pre.replaceChildren(text);
    const mark = h("mark", {}, text.slice(...range));
    pre.replaceChildren(text.slice(0, range[0]), mark, text.slice(range[1]));
    pre.scrollTo({ top: mark.offsetTop - pre.clientHeight / 3, behavior: "smooth" });
  };
  return { element, point, goTo: null };
}

/** XML is often written without a line break. @param {string} source */
function readable(source) {
  const lines = source.split("\n").length;
  return source.trimStart().startsWith("<") && source.length / lines > 400 ? source.replace(/>\s*</g, ">\n<") : source;
}

/**
 * Where a value stands: within the element that its path names, or at its first place.
 * @param {string} text
 * @param {string} value
 * @param {string} path
 * @returns {[number, number]|null}
 */
function rangeOf(text, value, path) {
  const name = /([\w.-]+)(?:\[\d+\])?$/.exec(path)?.[1];
  const inElement = name ? text.search(new RegExp(`[<:]${escaped(name)}(?:\\s[^>]*)?>\\s*${escaped(value)}\\s*<`)) : -1;
  const start = text.indexOf(value, Math.max(0, inElement));
  return start < 0 ? null : [start, start + value.length];
}

/** @param {string} words */
function escaped(words) {
  return words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
