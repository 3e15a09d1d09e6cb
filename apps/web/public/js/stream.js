/** The status of a batch as it changes: server-sent events by fetch, because EventSource sends no credential. */

import { Problem, get, open, pause } from "./api.js";

const POLL_MILLISECONDS = 2000;

/**
 * Calls back at every change until the batch is finished or the signal ends. Where the stream breaks, it asks instead.
 * @param {string} batchId
 * @param {(status: import("./types.js").BatchStatus) => void} show
 * @param {AbortSignal} signal
 */
export async function watch(batchId, show, signal) {
  let finished = false;
  const note = (/** @type {import("./types.js").BatchStatus} */ status) => {
    finished = status.finished;
    if (!signal.aborted) show(status);
  };
  while (!finished && !signal.aborted) {
    try {
      await listen(batchId, note, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Problem && [401, 403, 404].includes(error.status)) throw error;
    }
    if (finished || signal.aborted) return;
    await pause(POLL_MILLISECONDS, signal).catch(() => {});
    if (!signal.aborted) await get(`batches/${batchId}/status`, { signal }).then(note, () => {});
  }
}

/**
 * @param {string} batchId
 * @param {(status: import("./types.js").BatchStatus) => void} note
 * @param {AbortSignal} signal
 */
async function listen(batchId, note, signal) {
  const response = await open(`batches/${batchId}/events`, signal);
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const { event, data } = eventOf(block);
      if (event === "status") note(JSON.parse(data));
    }
  }
}

/** @param {string} block one event of https://html.spec.whatwg.org/multipage/server-sent-events.html */
function eventOf(block) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return { event, data: data.join("\n") };
}
