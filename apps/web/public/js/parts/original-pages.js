/** The pages of an original, drawn by the server as they were read, with the place of every value on them. */

import { pagePicture } from "../api.js";
import { fill, h, svg } from "../dom.js";
import { t } from "../language.js";
import { problemNotice } from "./notices.js";

/** @typedef {import("../types.js").Evidence} Evidence */
/** @typedef {import("../types.js").ItemDetail} ItemDetail */
/** @typedef {import("../api.js").PagePicture} PagePicture */

/** Asks for the field whose box was clicked. */
export const FIELD_WANTED = "field-wanted";

/**
 * Raises the problem of the first page where the file has none that could be drawn.
 * @param {ItemDetail} item
 * @param {AbortSignal} signal
 * @returns {Promise<import("./original.js").View>}
 */
export async function pagesView(item, signal) {
  const evidence = item.document?.evidence ?? {};
  const fetched = pageCache(item.id, signal);
  const image = h("img", { alt: t("item.original") });
  const boxes = svg("svg", { class: "boxes", preserveAspectRatio: "none", "aria-hidden": "true" });
  const sheet = h("div", { class: "sheet" }, image, /** @type {any} */ (boxes));
  const frame = h("div", { class: "frame", tabindex: 0, role: "group", "aria-label": t("item.original") }, sheet);
  const zoom = zoomButton(sheet);
  const pager = h("div", { class: "pager" });
  const element = h("div", { class: "picture", data: { page: "" } }, pager, frame, zoom);
  let wanted = firstPage(item);
  /** @type {Evidence|undefined} */
  let pointed;

  const turn = async (/** @type {number} */ number) => {
    wanted = number;
    const page = await fetched(number);
    if (wanted !== number) return; // another page was asked for meanwhile
    image.src = page.url;
    await image.decode();
    boxes.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
    boxes.replaceChildren(...fieldBoxes(evidence, number, element));
    fill(pager, ...turnButtons(number, page.count, goTo));
    element.dataset.page = String(number);
    if (pointed) show(pointed, page);
  };
  const show = (/** @type {Evidence} */ place, /** @type {PagePicture} */ page) => {
    boxes.querySelector(".pointed")?.remove();
    if (!place.box || place.page !== wanted) return;
    boxes.append(rectangle(place.box, page.width / 250, "pointed"));
    scrollTo(frame, image, place.box, page);
  };
  const goTo = (/** @type {number} */ number) => void turn(number).catch((error) => !signal.aborted && problemNotice(error));
  const point = (/** @type {Evidence|undefined} */ place) => {
    if (!place?.box) return;
    pointed = place;
    if (place.page !== wanted) return goTo(place.page ?? 1);
    void fetched(wanted).then((page) => show(place, page), () => {});
  };
  await turn(wanted);
  return { element, goTo, point };
}

/** A part of a file begins where its own pages do. @param {ItemDetail} item */
function firstPage({ raw }) {
  const [first] = Array.isArray(raw?.pages) ? raw.pages : [];
  return Number.isInteger(first) && first > 0 ? first : 1;
}

/** @param {string} itemId @param {AbortSignal} signal */
function pageCache(itemId, signal) {
  /** @type {Map<number, Promise<PagePicture & {url: string}>>} */
  const pages = new Map();
  const load = async (/** @type {number} */ number) => {
    const page = await pagePicture(itemId, number, signal);
    const url = URL.createObjectURL(page.blob);
    signal.addEventListener("abort", () => URL.revokeObjectURL(url));
    return { ...page, url };
  };
  return (/** @type {number} */ number) => {
    const known = pages.get(number) ?? load(number);
    pages.set(number, known);
    known.catch(() => pages.delete(number));
    return known;
  };
}

/** @param {HTMLElement} sheet */
function zoomButton(sheet) {
  const zoom = h("button", { type: "button", class: "zoom", "aria-pressed": "false", "aria-label": t("item.zoom"), title: t("item.zoom") }, "⤢");
  zoom.addEventListener("click", () => zoom.setAttribute("aria-pressed", String(sheet.classList.toggle("large"))));
  return zoom;
}

/** @param {number} number @param {number} count @param {(page: number) => void} goTo */
function turnButtons(number, count, goTo) {
  if (count === 1) return [];
  const button = (/** @type {number} */ page, /** @type {string} */ label, /** @type {string} */ sign) =>
    h("button", { type: "button", class: "quiet", disabled: page < 1 || page > count, "aria-label": t(label), title: t(label), on: { click: () => goTo(page) } }, sign);
  return [button(number - 1, "item.pageBefore", "‹"), h("span", { role: "status" }, t("item.pageOf", { n: number, count })), button(number + 1, "item.pageAfter", "›")];
}

/** @param {Record<string, Evidence>} evidence @param {number} number @param {HTMLElement} element */
function fieldBoxes(evidence, number, element) {
  const here = Object.entries(evidence).filter(([, place]) => place.box && place.page === number);
  return here.map(([path, { box, proofs = [] }]) => {
    const found = rectangle(/** @type {import("../types.js").Box} */ (box), 0, proofs.length > 0 ? "proven" : "unproven");
    found.addEventListener("click", () => element.dispatchEvent(new CustomEvent(FIELD_WANTED, { bubbles: true, detail: path })));
    return found;
  });
}

/** @param {import("../types.js").Box} box @param {number} space @param {string} look */
function rectangle({ left, top, right, bottom }, space, look) {
  const [width, height] = [right - left + 2 * space, bottom - top + 2 * space];
  return svg("rect", { class: look, x: left - space, y: top - space, width, height, rx: space });
}

/** @param {HTMLElement} frame @param {HTMLImageElement} image @param {import("../types.js").Box} box @param {PagePicture} page */
function scrollTo(frame, image, box, page) {
  const scale = image.clientWidth / page.width;
  const [across, down] = [((box.left + box.right) / 2) * scale, ((box.top + box.bottom) / 2) * scale];
  frame.scrollTo({ left: across - frame.clientWidth / 2, top: down - frame.clientHeight / 2, behavior: "smooth" });
}
