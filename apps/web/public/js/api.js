/** The only door to the public API: adds the credential, turns problem documents (RFC 9457) into errors. */

import { language, t } from "./language.js";
import { credential } from "./session.js";

const ROOT = new URL("../api/v1/imports/", document.baseURI);
const LONGEST_WAIT_SECONDS = 30;
const MOST_TRIES = 3;
const BUSY = new Set([429, 503]);

/** What the API answers when something cannot be done. */
export class Problem extends Error {
  /**
   * @param {number} status 0 when there was no answer
   * @param {string} code
   * @param {string} detail
   * @param {{field: string, detail: string}[]} [errors]
   */
  constructor(status, code, detail, errors = []) {
    super(detail || code);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

/** @typedef {{query?: Record<string, unknown>, json?: unknown, form?: FormData, idempotent?: string, signal?: AbortSignal, key?: string}} Options */

/**
 * @template [T=any]
 * @param {string} path below /api/v1/imports/
 * @param {Options} [options]
 * @returns {Promise<T>}
 */
export async function get(path, options = {}) {
  return (await patiently("GET", path, options)).json();
}

/**
 * @template [T=any]
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<T>}
 */
export async function post(path, options = {}) {
  const idempotent = options.idempotent ?? newKey();
  return (await patiently("POST", path, { ...options, idempotent })).json();
}

/**
 * @template [T=any]
 * @param {string} path
 * @param {unknown} json
 * @returns {Promise<T>}
 */
export async function patch(path, json) {
  return (await send("PATCH", path, { json })).json();
}

/**
 * @template [T=any]
 * @param {string} path
 * @param {unknown} json
 * @returns {Promise<T>}
 */
export async function put(path, json) {
  return (await send("PUT", path, { json })).json();
}

/**
 * The whole batch as a table for a spreadsheet.
 * @param {string} batchId
 * @param {AbortSignal} signal
 */
export async function workbook(batchId, signal) {
  return (await patiently("GET", `batches/${batchId}/export`, { query: { format: "xlsx" }, signal })).blob();
}

/**
 * The bytes of an item's original.
 * @param {string} itemId
 * @param {AbortSignal} signal
 */
export async function file(itemId, signal) {
  return (await patiently("GET", `items/${itemId}/file`, { signal })).blob();
}

/**
 * A page of an item's file; `width` and `height` are in the units of the boxes found on it.
 * @typedef {{blob: Blob, width: number, height: number, count: number}} PagePicture
 * @param {string} itemId
 * @param {number} number
 * @param {AbortSignal} signal
 * @returns {Promise<PagePicture>}
 */
export async function pagePicture(itemId, number, signal) {
  const response = await patiently("GET", `items/${itemId}/pages/${number}.png`, { signal });
  const stated = (/** @type {string} */ name) => Number(response.headers.get(name));
  return { blob: await response.blob(), width: stated("Page-Width"), height: stated("Page-Height"), count: stated("Page-Count") };
}

/**
 * A stream of events, open until the server or the signal ends it.
 * @param {string} path
 * @param {AbortSignal} signal
 */
export async function open(path, signal) {
  return send("GET", path, { signal });
}

/** A key under which a request may be sent twice and counts once. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Waits as long as the server asks for; only for what may be sent twice. */
async function patiently(/** @type {string} */ method, /** @type {string} */ path, /** @type {Options} */ options) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send(method, path, options);
    } catch (error) {
      const again = error instanceof Busy && tries < MOST_TRIES;
      if (!again) throw error;
      await pause(Math.min(error.seconds, LONGEST_WAIT_SECONDS) * 1000, options.signal);
    }
  }
}

class Busy extends Problem {
  seconds = 1;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} options
 */
async function send(method, path, { query = {}, json, form, idempotent, signal, key }) {
  const headers = new Headers({ Authorization: `Bearer ${key ?? credential() ?? ""}`, "Accept-Language": language() });
  if (json !== undefined) headers.set("Content-Type", "application/json");
  if (idempotent) headers.set("Idempotency-Key", idempotent);
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  let response;
  try {
    response = await fetch(address(path, query), { method, headers, body, signal, cache: "no-store" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, "no_connection", t("error.noConnection"));
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && key === undefined) dispatchEvent(new CustomEvent("credential-refused"));
  throw problem;
}

/** @param {string} path @param {Record<string, unknown>} query */
function address(path, query) {
  const url = new URL(path, ROOT);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) {
      if (one !== null && one !== undefined && one !== "") url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/** @param {Response} response */
async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const seconds = Number(response.headers.get("Retry-After"));
  const kind = BUSY.has(response.status) && seconds > 0 ? Busy : Problem;
  const problem = new kind(response.status, body.code ?? `http_${response.status}`, body.detail ?? "", body.errors ?? []);
  if (problem instanceof Busy) problem.seconds = seconds;
  return problem;
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
