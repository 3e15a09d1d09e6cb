/** The original beside its data: a picture with the place of the focused value, a PDF, or text as text. */

import { file } from "../api.js";
import { fill, h, svg } from "../dom.js";
import { formatCount, t } from "../language.js";
import { problemText } from "./notices.js";
import { textView } from "./original-text.js";

/** @typedef {import("../types.js").Evidence} Evidence */
/** What a kind of original can do: point at the place of a value, turn to a page. @typedef {{element: HTMLElement, point: (evidence: Evidence|undefined) => void, goTo: ((page: number) => void)|null}} View */

/** The bytes say what a file is; its name and the server's media type do not. @type {[number[], string][]} */
const PICTURES = [
  [[0x89, 0x50, 0x4e, 0x47], "image/png"],
  [[0xff, 0xd8, 0xff], "image/jpeg"],
  [[0x47, 0x49, 0x46, 0x38], "image/gif"],
  [[0x42, 0x4d], "image/bmp"],
];
const PDF_WITHIN = 1024;
const TEXT_SHOWN = 300_000;
const PDF_LOOK = "navpanes=0&view=FitH";

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
    view = await viewOf(blob, signal);
    fill(body, view?.element ?? h("p", { class: "muted" }, t("item.notShown")));
  };
  show().catch((error) => !signal.aborted && fill(body, problemText(error)));
  return {
    element,
    /** @param {Evidence|undefined} evidence */
    point: (evidence) => view?.point(evidence),
    /** What turns to a page, where the original has pages to turn. */
    turner: () => view?.goTo ?? null,
  };
}

/** @param {Record<string, unknown>|null} raw */
function rawRow(raw) {
  if (raw === null) return h("p", { class: "muted" }, t("item.noOriginal"));
  const rows = Object.entries(raw).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, String(value ?? ""))));
  return h("table", { class: "raw" }, h("tbody", {}, rows));
}

/** @param {Blob} blob @param {AbortSignal} signal @returns {Promise<View|null>} */
async function viewOf(blob, signal) {
  const head = new Uint8Array(await blob.slice(0, PDF_WITHIN).arrayBuffer());
  const picture = pictureType(head);
  const typed = (/** @type {string} */ type) => {
    const url = URL.createObjectURL(blob.slice(0, blob.size, type));
    signal.addEventListener("abort", () => URL.revokeObjectURL(url));
    return url;
  };
  if (picture) return pictureView(typed(picture));
  if (new TextDecoder("latin1").decode(head).includes("%PDF-")) return pdfView(typed("application/pdf"));
  if (head.includes(0)) return null;
  const text = decoded(await blob.arrayBuffer());
  const view = textView(text.slice(0, TEXT_SHOWN));
  if (text.length > TEXT_SHOWN) view.element.prepend(h("p", { class: "muted small" }, t("item.cut", { n: formatCount(TEXT_SHOWN) })));
  return view;
}

/** @param {Uint8Array} head */
function pictureType(head) {
  const found = PICTURES.find(([magic]) => magic.every((byte, index) => head[index] === byte));
  if (found) return found[1];
  const ascii = new TextDecoder("latin1").decode(head.slice(0, 12));
  return ascii.startsWith("RIFF") && ascii.endsWith("WEBP") ? "image/webp" : null;
}

/** @param {ArrayBuffer} bytes */
function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** @param {string} url @returns {View} */
function pictureView(url) {
  const image = h("img", { src: url, alt: t("item.original") });
  const boxes = svg("svg", { class: "boxes", preserveAspectRatio: "none", "aria-hidden": "true" });
  const sheet = h("div", { class: "sheet" }, image, /** @type {any} */ (boxes));
  const zoom = h("button", { type: "button", class: "zoom", "aria-pressed": "false", "aria-label": t("item.zoom"), title: t("item.zoom") }, "⤢");
  const frame = h("div", { class: "frame", tabindex: 0, role: "group", "aria-label": t("item.original") }, sheet);
  zoom.addEventListener("click", () => zoom.setAttribute("aria-pressed", String(sheet.classList.toggle("large"))));
  image.addEventListener("load", () => boxes.setAttribute("viewBox", `0 0 ${image.naturalWidth} ${image.naturalHeight}`));
  const element = h("div", { class: "picture" }, frame, zoom);
  return { element, goTo: null, point: (evidence) => drawBox(boxes, frame, image, evidence) };
}

/** @param {SVGElement} boxes @param {HTMLElement} frame @param {HTMLImageElement} image @param {Evidence|undefined} evidence */
function drawBox(boxes, frame, image, evidence) {
  boxes.replaceChildren();
  const box = evidence?.box;
  if (!box || (evidence.page ?? 1) !== 1 || image.naturalWidth === 0) return;
  const space = image.naturalWidth / 200;
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  boxes.append(svg("rect", { x: box.left - space, y: box.top - space, width: width + 2 * space, height: height + 2 * space, rx: space }));
  const scale = image.clientWidth / image.naturalWidth;
  const middle = { left: ((box.left + box.right) / 2) * scale, top: ((box.top + box.bottom) / 2) * scale };
  frame.scrollTo({ left: middle.left - frame.clientWidth / 2, top: middle.top - frame.clientHeight / 2, behavior: "smooth" });
}

/** @param {string} url @returns {View} */
function pdfView(url) {
  const frame = h("iframe", { src: `${url}#${PDF_LOOK}`, title: t("item.original"), class: "pdf" });
  // Another fragment alone does not turn the viewer's page: it has to load anew.
  const goTo = (/** @type {number} */ page) => {
    const fresh = /** @type {HTMLIFrameElement} */ (frame.cloneNode());
    fresh.src = `${url}#page=${page}&${PDF_LOOK}`;
    element.replaceChildren(fresh);
  };
  const element = h("div", { class: "pdf-frame" }, frame);
  return { element, goTo, point: () => {} };
}
