/** How far an upload is, and why a file was refused: a panel that stays while pages change. */

import { fill, h } from "../dom.js";
import { formatCount, t } from "../language.js";
import { clearUploads, uploadsRest } from "../uploads.js";
import { problemText } from "./notices.js";

const SHOWN_MILLISECONDS = 6000;
let closing = 0;

/** @param {import("../uploads.js").Upload[]} uploads */
export function showUploads(uploads) {
  clearTimeout(closing);
  if (uploads.length > 0 && uploads.every(({ state }) => state === "done")) closing = setTimeout(clearUploads, SHOWN_MILLISECONDS);
  const panel = document.getElementById("uploads") ?? h("section", { id: "uploads", class: "uploads" });
  if (uploads.length === 0) {
    panel.remove();
    return;
  }
  if (!panel.isConnected) document.getElementById("docks")?.append(panel);
  panel.setAttribute("aria-label", t("upload.title"));
  fill(panel, head(uploads), bar(uploads), refusals(uploads));
}

/** @param {import("../uploads.js").Upload[]} uploads */
function head(uploads) {
  const done = uploads.filter(({ state }) => state === "done").length;
  const refused = uploads.filter(({ state }) => state === "refused").length;
  const rest = uploadsRest();
  const text = rest ? t("upload.done", { n: done }) : t("upload.running", { done: formatCount(done), n: formatCount(uploads.length) });
  const close = h("button", { type: "button", class: "quiet", "aria-label": t("upload.close"), on: { click: clearUploads } }, "×");
  return h(
    "div",
    { class: "uploads-head" },
    h("strong", { role: "status" }, text),
    refused > 0 && h("span", { class: "bad-text" }, t("upload.failed", { n: refused })),
    rest && close,
  );
}

/** @param {import("../uploads.js").Upload[]} uploads */
function bar(uploads) {
  if (uploadsRest()) return null;
  const done = uploads.filter(({ state }) => state === "done" || state === "refused").length;
  return h("progress", { max: uploads.length, value: done, "aria-label": t("upload.title") });
}

/** @param {import("../uploads.js").Upload[]} uploads */
function refusals(uploads) {
  const refused = uploads.filter(({ state }) => state === "refused");
  if (refused.length === 0) return null;
  return h("ul", { class: "refusals" }, refused.map(({ file, error }) => h("li", {}, h("strong", {}, file.name), problemText(error))));
}
