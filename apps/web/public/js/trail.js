/** The list that was looked at last, so that an item's page knows its neighbours. */

let batchId = "";
/** @type {import("./types.js").Item[]} */
let items = [];

/** @param {string} id @param {import("./types.js").Item[]} listed */
export function keepTrail(id, listed) {
  batchId = id;
  items = listed;
}

/**
 * The id of the item that stands so many places further on, if it is known.
 * @param {import("./types.js").Item} item
 * @param {number} step
 */
export function neighbour(item, step) {
  if (item.batch_id !== batchId) return null;
  const index = items.findIndex(({ id }) => id === item.id);
  return index < 0 ? null : (items[index + step]?.id ?? null);
}
