/** An original that is text (XML, bank records, CSV), shown as text, with the focused value marked. */

import { h } from "../dom.js";

/** @typedef {import("../types.js").Evidence} Evidence */

/** @param {string} source @returns {import("./original.js").View} */
export function textView(source) {
  const text = readable(source);
  const pre = h("pre", { class: "text", tabindex: 0 }, text);
  const element = h("div", { class: "text-frame" }, pre);
  const point = (/** @type {Evidence|undefined} */ evidence) => {
    const range = evidence ? rangeOf(text, evidence) : null;
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
 * Where a value stands: at the element that its path names, or at its first place. Without a value, the element itself.
 * @param {string} text
 * @param {import("../types.js").Evidence} evidence
 * @returns {[number, number]|null}
 */
function rangeOf(text, { text: value, path }) {
  const element = path?.startsWith("/") ? elementAt(text, path) : null;
  if (!value) return element;
  const start = text.indexOf(value, element?.[0] ?? 0);
  return start < 0 ? element : [start, start + value.length];
}

/**
 * The start tag at the end of a path such as /Invoice/InvoiceLine[2]/ID, each step looked for after the one before it.
 * @param {string} text
 * @param {string} path
 * @returns {[number, number]|null}
 */
function elementAt(text, path) {
  /** @type {[number, number]|null} */
  let found = null;
  for (const step of path.split("/").filter(Boolean)) {
    const [, name, position = "1"] = /^(?:[\w.-]+:)?([\w.-]+)(?:\[(\d+)\])?$/.exec(step) ?? [];
    if (!name) return found;
    const tag = new RegExp(`<(?:[\\w.-]+:)?${name.replaceAll(".", "\\.")}(?=[\\s/>])[^>]*>`, "g");
    tag.lastIndex = found?.[1] ?? 0;
    let match = null;
    for (let n = 0; n < Number(position); n += 1) match = tag.exec(text);
    if (!match) return found;
    found = [match.index, tag.lastIndex];
  }
  return found;
}
