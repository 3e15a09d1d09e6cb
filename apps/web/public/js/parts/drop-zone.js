/** Files chosen, or dropped anywhere on the page, folders included. */

import { h } from "../dom.js";
import { t } from "../language.js";
import { notice } from "./notices.js";

/** @param {(files: File[]) => void} take */
export function acceptDrops(take) {
  let depth = 0;
  const veil = h("div", { class: "veil", hidden: true });
  document.body.append(veil);
  const lift = (/** @type {boolean} */ hidden) => {
    veil.textContent = t("upload.drop");
    veil.hidden = hidden;
  };
  addEventListener("dragenter", (event) => {
    if (!bringsFiles(event)) return;
    depth += 1;
    lift(false);
  });
  addEventListener("dragleave", (event) => {
    if (!bringsFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) lift(true);
  });
  addEventListener("dragover", (event) => {
    if (bringsFiles(event)) event.preventDefault();
  });
  addEventListener("drop", async (event) => {
    if (!event.dataTransfer || !bringsFiles(event)) return;
    event.preventDefault();
    depth = 0;
    lift(true);
    const files = await filesOf(event.dataTransfer);
    if (files.length > 0) take(files);
    else notice(t("upload.nothing"));
  });
}

/**
 * A button that lets files be chosen.
 * @param {string} label
 * @param {(files: File[]) => void} take
 * @param {string} [look]
 */
export function fileButton(label, take, look = "primary") {
  const input = h("input", { type: "file", multiple: true, class: "unseen", tabindex: -1, "aria-label": label });
  input.addEventListener("change", () => {
    const files = Array.from(input.files ?? []);
    input.value = "";
    if (files.length > 0) take(files);
  });
  return h("span", {}, input, h("button", { type: "button", class: look, on: { click: () => input.click() } }, label));
}

/** @param {DragEvent} event */
function bringsFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** @param {DataTransfer} transfer @returns {Promise<File[]>} */
async function filesOf(transfer) {
  const plain = Array.from(transfer.files);
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  return (await Promise.all(entries.map(walk))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function walk(entry) {
  if (entry.isFile) {
    const file = /** @type {FileSystemFileEntry} */ (entry);
    return [await new Promise((resolve, reject) => file.file(resolve, reject))];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const files = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return files;
    files.push(...(await Promise.all(some.map(walk))).flat());
  }
}
