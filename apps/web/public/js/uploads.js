/** Files on their way up: a few at a time, and each that is refused says why. Goes on while pages change. */

import { Problem, newKey, pause, post } from "./api.js";
import { t } from "./language.js";

const FILES_TOGETHER = 8;
const BYTES_TOGETHER = 24 * 1024 * 1024;
const MOST_TRIES = 3;

/** @typedef {{file: File, state: "waiting"|"sending"|"done"|"refused", error: unknown}} Upload */

/** @typedef {{batchId: string, mappingId: string}} Target */

/** @type {Upload[]} */
let uploads = [];
/** @type {Set<(uploads: Upload[]) => void>} */
const listeners = new Set();

/** @param {(uploads: Upload[]) => void} listener @param {AbortSignal} [signal] */
export function onUploads(listener, signal) {
  listeners.add(listener);
  signal?.addEventListener("abort", () => listeners.delete(listener));
}

/** Whether nothing is on its way. */
export function uploadsRest() {
  return uploads.every(({ state }) => state === "done" || state === "refused");
}

/** Forgets what has arrived or was refused. */
export function clearUploads() {
  uploads = uploads.filter(({ state }) => state === "waiting" || state === "sending");
  tell();
}

/**
 * @param {string} batchId
 * @param {File[]} files
 * @param {string} mappingId of tables among them, or empty
 */
export async function upload(batchId, files, mappingId) {
  if (uploadsRest()) uploads = [];
  const added = files.map((file) => emptyRefused({ file, state: /** @type {const} */ ("waiting"), error: null }));
  uploads = [...uploads, ...added];
  tell();
  for (const group of grouped(added.filter(({ state }) => state === "waiting"))) await sendGroup({ batchId, mappingId }, group);
}

/** @param {Upload} one @returns {Upload} */
function emptyRefused(one) {
  if (one.file.size > 0) return one;
  return { ...one, state: "refused", error: new Problem(0, "file_empty", t("upload.empty")) };
}

/** @param {Upload[]} all @returns {Upload[][]} */
function grouped(all) {
  /** @type {Upload[][]} */
  const groups = [];
  let bytes = 0;
  for (const one of all) {
    const last = groups.at(-1);
    bytes += one.file.size;
    if (last && last.length < FILES_TOGETHER && bytes <= BYTES_TOGETHER) last.push(one);
    else {
      groups.push([one]);
      bytes = one.file.size;
    }
  }
  return groups;
}

/**
 * All of a request is taken or none of it: what is refused together is sent one by one, to know which it was.
 * @param {Target} target
 * @param {Upload[]} group
 */
async function sendGroup(target, group) {
  mark(group, "sending");
  try {
    await sendOnce(target, group);
    mark(group, "done");
  } catch (error) {
    if (group.length > 1 && error instanceof Problem && isAboutTheFiles(error)) {
      for (const one of group) await sendGroup(target, [one]);
    } else {
      mark(group, "refused", error);
    }
  }
}

/** @param {Problem} problem */
function isAboutTheFiles(problem) {
  return problem.status === 413 || problem.status === 422 || problem.status === 400;
}

/** @param {Target} target @param {Upload[]} group */
async function sendOnce({ batchId, mappingId }, group) {
  const idempotent = newKey();
  for (let tries = 1; ; tries += 1) {
    const form = new FormData();
    for (const { file } of group) form.append("files", file, file.name);
    if (mappingId) form.append("mapping_id", mappingId);
    try {
      return await post(`batches/${batchId}/files`, { form, idempotent });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 0 || tries === MOST_TRIES) throw error;
      await pause(1000 * tries);
    }
  }
}

/** @param {Upload[]} group @param {Upload["state"]} state @param {unknown} [error] */
function mark(group, state, error = null) {
  for (const one of group) Object.assign(one, { state, error });
  tell();
}

function tell() {
  for (const listener of listeners) listener(uploads);
}
