/** The states of an item, as few as a bookkeeper needs: in work, waiting for a person, published, discarded. */

const FAILED = ["preprocess_failed", "ocr_failed", "classify_failed", "extract_failed", "validate_failed", "publish_failed"];
const IN_WORK = [
  "pending", "preprocessing", "preprocessed", "ocr_processing", "ocr_completed", "classifying",
  "classified", "extracting", "extracted", "validating", "validated", "publishing",
];

/** The filters of a list, by name, with the states that they ask for. @type {Record<string, string[]>} */
export const FILTERS = { all: [], waiting: FAILED, published: ["published"], working: IN_WORK, discarded: ["discarded"] };

/** @param {string} state @returns {"published"|"waiting"|"working"|"discarded"} */
export function phaseOf(state) {
  if (state === "published" || state === "discarded") return state;
  return FAILED.includes(state) ? "waiting" : "working";
}

/**
 * How many items of a batch a filter shows.
 * @param {string} filter
 * @param {import("./types.js").BatchStatus} status
 */
export function countOf(filter, status) {
  if (filter === "all") return status.total_items;
  return FILTERS[filter].reduce((sum, state) => sum + (status.status_breakdown[state] ?? 0), 0);
}
