/** What a list shows of an item beyond the list's own answer: read from the item when its row comes into view. */

import { get, pause } from "./api.js";
import { formatDay, formatDecimal, language, t } from "./language.js";

/**
 * @typedef {object} Digest
 * @property {string} supplier
 * @property {string} number
 * @property {string} date
 * @property {string} total
 * @property {string} message
 */

/** @typedef {import("./types.js").Item} Item */

const AT_ONCE = 3;
/** @type {Map<string, Digest>} */
const known = new Map();

/**
 * Watches rows and hands each its digest.
 * @param {(row: HTMLElement, digest: Digest) => void} show
 * @param {AbortSignal} signal
 */
export function digestRows(show, signal) {
  /** @type {Map<Element, Item>} */
  const items = new Map();
  /** @type {Element[]} */
  const queue = [];
  let running = 0;
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      observer.unobserve(entry.target);
      queue.push(entry.target);
    }
    while (running < AT_ONCE && queue.length > 0) void work();
  }, { rootMargin: "200px" });
  const work = async () => {
    running += 1;
    for (let row = queue.shift(); row && !signal.aborted; row = queue.shift()) {
      const item = items.get(row);
      const digest = item && row.isConnected ? await digestOf(item, signal) : null;
      if (digest) show(/** @type {HTMLElement} */ (row), digest);
    }
    running -= 1;
  };
  signal.addEventListener("abort", () => observer.disconnect());
  return (/** @type {HTMLElement} */ row, /** @type {Item} */ item) => {
    const digest = known.get(versionOf(item));
    if (digest) return show(row, digest);
    items.set(row, item);
    observer.observe(row);
  };
}

/** @param {Item} item */
function versionOf(item) {
  return `${item.id} ${item.updated_at} ${language()}`;
}

/** @param {Item} item @param {AbortSignal} signal @returns {Promise<Digest|null>} */
async function digestOf(item, signal) {
  try {
    /** @type {import("./types.js").ItemDetail} */
    const detail = await get(`items/${item.id}`, { signal });
    const digest = read(detail);
    known.set(versionOf(detail), digest);
    return digest;
  } catch {
    await pause(1000, signal).catch(() => {}); // the row shows what the list knew; the item's page says what is wrong
    return null;
  }
}

/** @param {import("./types.js").ItemDetail} detail @returns {Digest} */
function read(detail) {
  const document = detail.document ?? {};
  const { totals = {}, transactions } = document;
  return {
    supplier: document.supplier?.name ?? document.holder ?? document.product?.name ?? "",
    number: [document.invoice_series, document.invoice_number].filter(Boolean).join(" ") || (document.account_iban ?? document.product?.sku ?? ""),
    date: formatDay(document.issue_date ?? document.period_end ?? transactions?.[0]?.booking_date),
    total: transactions ? movements(document, transactions) : amount(totals.gross ?? totals.payable ?? totals.withholding, document.currency),
    message: detail.message ?? detail.findings.find(({ severity, accepted }) => severity !== "note" && !accepted)?.message ?? "",
  };
}

/** @param {import("./types.js").CanonicalDocument} document @param {{amount?: string}[]} transactions */
function movements(document, transactions) {
  if (transactions.length === 1) return amount(transactions[0].amount, document.currency);
  return t("items.movements", { n: transactions.length });
}

/** @param {string|undefined} value @param {string|undefined} currency */
function amount(value, currency) {
  return value === undefined ? "" : `${formatDecimal(value)} ${currency ?? ""}`.trim();
}
