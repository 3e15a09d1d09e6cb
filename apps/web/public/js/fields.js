/** Which fields a canonical document has, in the order and groups in which a bookkeeper looks at them. */

/** @typedef {"text"|"long"|"decimal"|"date"|"docType"|"fixed"} FieldKind */
/** `usual` fields have a place even while they are empty. @typedef {{name: string, kind: FieldKind, usual: boolean}} Field */
/** A list's `prefix` is its own name; each row adds its position. @typedef {{name: string, prefix: string, list: boolean, families: Family[], fields: Field[]}} Group */
/** @typedef {"document"|"bank"|"product"} Family */

export const DOCUMENT_TYPES = [
  "invoice", "simplified_invoice", "receipt", "credit_note", "corrective_invoice", "debit_note", "purchase_settlement", "withholding",
  "delivery_note", "proforma", "bank_statement", "other", "expense", "bank_movement", "product",
];

/** @param {string} names each `name:kind`, with `*` where it is usual @returns {Field[]} */
function fields(names) {
  return names.split(" ").map((entry) => {
    const [name, kind = "text"] = entry.replace("*", "").split(":");
    return { name, kind: /** @type {FieldKind} */ (kind), usual: entry.endsWith("*") };
  });
}

const PARTY = "name* tax_id* address:long country alt_names:fixed alt_tax_ids:fixed";

/** @type {Group[]} */
export const GROUPS = [
  group("document", "", ["document", "bank", "product"], "doc_type:docType*"),
  group(
    "document", "", ["document"],
    "invoice_series invoice_number* issue_date:date* operation_date:date due_date:date currency* country corrected_invoice_number access_key authorization_number "
      + "description:long category iban format:fixed environment:fixed",
  ),
  group("document", "", ["bank", "product"], "currency* country category format:fixed"),
  group("supplier", "supplier.", ["document"], PARTY),
  group("buyer", "buyer.", ["document"], PARTY),
  group(
    "totals", "totals.", ["document"],
    "net:decimal* tax:decimal* gross:decimal* discount:decimal withholding:decimal tip:decimal prepaid:decimal payable:decimal "
      + "invoice_total_stated:decimal",
  ),
  list("taxes", ["document"], "tax_code* rate:decimal* base:decimal* amount:decimal* surcharge_rate:decimal surcharge_amount:decimal"),
  list("withholdings", ["document"], "tax_code* withholding_code rate:decimal* base:decimal* amount:decimal* document_number"),
  list("lines", ["document"], "code description:long* quantity:decimal* unit_price:decimal* net_amount:decimal* tax_rate:decimal*"),
  group(
    "statement", "", ["bank"],
    "account_iban* account_number holder* bank_code branch_code statement_id period_start:date* period_end:date* opening_balance:decimal* "
      + "closing_balance:decimal*",
  ),
  list("transactions", ["bank"], "booking_date:date* value_date:date description:long* reference amount:decimal* balance:decimal"),
  group(
    "product", "product.", ["product"],
    "sku* name* description:long unit_price:decimal* cost:decimal tax_rate:decimal stock:decimal unit barcode category",
  ),
];

/** The fields that an unproven reading is about: the first of them that has a value. @type {Record<string, string[]>} */
const UNPROVEN = {
  total_unproven: ["totals.gross", "totals.payable", "totals.withholding"],
  date_unproven: ["issue_date"],
  supplier_unproven: ["supplier.tax_id"],
  number_unproven: ["invoice_number"],
};

/**
 * The field that a person has to confirm or correct because nothing proves it; null for a finding of another kind.
 * @param {string} code
 * @param {unknown} document
 */
export function unprovenField(code, document) {
  const paths = UNPROVEN[code] ?? [];
  return paths.find((path) => valueAt(document, path) !== undefined) ?? paths[0] ?? null;
}

/** @param {string} name @param {string} prefix @param {Family[]} families @param {string} names @returns {Group} */
function group(name, prefix, families, names) {
  return { name, prefix, list: false, families, fields: fields(names) };
}

/** @param {string} name @param {Family[]} families @param {string} names @returns {Group} */
function list(name, families, names) {
  return { name, prefix: name, list: true, families, fields: fields(names) };
}

/** @param {string|null|undefined} docType @returns {Family} */
export function familyOf(docType) {
  if (docType === "bank_statement" || docType === "bank_movement") return "bank";
  return docType === "product" ? "product" : "document";
}

/**
 * @param {unknown} document
 * @param {string} path names and list positions in dots
 * @returns {any}
 */
export function valueAt(document, path) {
  return path.split(".").reduce((/** @type {any} */ node, key) => node?.[key], document);
}

/**
 * What a field is called where it does not stand beside its group.
 * @param {string} path
 * @returns {{group: string, row: number|null, field: string}}
 */
export function placeOf(path) {
  const parts = path.split(".");
  const row = parts.find((part) => /^\d+$/.test(part));
  const field = parts.at(-1) ?? "";
  const group = GROUPS.find(({ prefix }) => prefix !== "" && (prefix === `${parts[0]}.` || prefix === parts[0]));
  return { group: group?.name ?? "", row: row === undefined ? null : Number(row), field: group?.name === field ? "" : field };
}
