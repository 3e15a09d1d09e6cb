/** The original beside its data: its pages with the place of the focused value, or text as text. */

import { file, Problem } from "../api.js";
import { fill, h } from "../dom.js";
import { formatCount, t } from "../language.js";
import { problemText } from "./notices.js";
import { FIELD_WANTED, pagesView } from "./original-pages.js";
import { textView } from "./original-text.js";

/** @typedef {import("../types.js").Evidence} Evidence */
/** What a kind of original can do: point at the place of a value, turn to a page. @typedef {{element: HTMLElement, point: (evidence: Evidence|undefined) => void, goTo: ((page: number) => void)|null}} View */

/** The bytes say what a file is; its name and the server's media type do not. */
const PDF_WITHIN = 1024;
const TEXT_SHOWN = 300_000;
const NOT_FOUND = 404;

/**
 * @param {import("../types.js").ItemDetail} item
 * @param {AbortSignal} signal
 */
export function original(item, signal) {
  const body = h("div", { class: "original-body" }, h("p", { class: "muted" }, t("list.loading")));
  const head = h("div", { class: "original-head" }, h("h2", {}, item.has_file ? t("item.original") : t("item.rawRow")));
  const element = h("section", { class: "original", id: "original", "aria-label": t("item.original") }, head, body);
  /** @type {View|null} */
  let view = null;
  const show = async () => {
    if (!item.has_file) return fill(body, rawRow(item.raw));
    const blob = await file(item.id, signal);
    const url = URL.createObjectURL(blob);
    signal.addEventListener("abort", () => URL.revokeObjectURL(url));
    head.append(h("a", { class: "button", href: url, download: item.file_name ?? item.id }, t("item.download")));
    view = await viewOf(item, blob, signal);
    fill(body, view?.element ?? h("p", { class: "muted" }, t("item.notShown")));
  };
  show().catch((error) => !signal.aborted && fill(body, problemText(error)));
  const source = {
    element,
    /** @param {Evidence|undefined} evidence */
    point: (evidence) => view?.point(evidence),
    /** What turns to a page, where the original has pages to turn. */
    turner: () => view?.goTo ?? null,
    /** Goes to the field whose box was clicked; set by whoever shows the fields. */
    reach: (/** @type {string} */ _path) => {},
  };
  element.addEventListener(FIELD_WANTED, (event) => source.reach(/** @type {CustomEvent<string>} */ (event).detail));
  return source;
}

/** @param {Record<string, unknown>|null} raw */
function rawRow(raw) {
  if (raw === null) return h("p", { class: "muted" }, t("item.noOriginal"));
  const rows = Object.entries(raw).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, String(value ?? ""))));
  return h("table", { class: "raw" }, h("tbody", {}, rows));
}

/** @param {import("../types.js").ItemDetail} item @param {Blob} blob @param {AbortSignal} signal @returns {Promise<View|null>} */
async function viewOf(item, blob, signal) {
  const head = new Uint8Array(await blob.slice(0, PDF_WITHIN).arrayBuffer());
  if (head.includes(0) || new TextDecoder("latin1").decode(head).includes("%PDF-")) return pagesOrNothing(item, signal);
  const text = decoded(await blob.arrayBuffer());
  const view = textView(text.slice(0, TEXT_SHOWN));
  if (text.length > TEXT_SHOWN) view.element.prepend(h("p", { class: "muted small" }, t("item.cut", { n: formatCount(TEXT_SHOWN) })));
  return view;
}

/** @param {import("../types.js").ItemDetail} item @param {AbortSignal} signal @returns {Promise<View|null>} */
async function pagesOrNothing(item, signal) {
  try {
    return await pagesView(item, signal);
  } catch (error) {
    if (error instanceof Problem && error.status === NOT_FOUND) return null;
    throw error;
  }
}

/** @param {ArrayBuffer} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
