/**
 * The shapes of the public API that the console reads; the API's own OpenAPI document is the reference.
 *
 * @typedef {object} BatchStatus
 * @property {string} batch_id
 * @property {"pending"|"processing"|"completed"|"completed_with_errors"} status
 * @property {number} total_items
 * @property {number} completed
 * @property {number} processing
 * @property {number} failed
 * @property {number} discarded
 * @property {number} pending
 * @property {number} progress
 * @property {boolean} finished
 * @property {Record<string, number>} status_breakdown
 *
 * @typedef {object} Batch
 * @property {string} id
 * @property {string|null} name
 * @property {string|null} source_type
 * @property {string|null} country
 * @property {string} created_at
 * @property {BatchStatus|null} status
 *
 * @typedef {object} Outline
 * @property {string|null} name
 * @property {string|null} reference
 * @property {string|null} issue_date
 * @property {string|null} total
 * @property {string|null} currency
 * @property {number|null} movements
 * @property {number} findings
 * @property {string|null} first_finding
 * @property {string|null} first_message
 *
 * @typedef {object} Item
 * @property {string} id
 * @property {string} batch_id
 * @property {string} kind
 * @property {string} state
 * @property {string|null} doc_type
 * @property {string|null} code
 * @property {string|null} message
 * @property {Outline|null} outline
 * @property {number} position
 * @property {string|null} parent_id
 * @property {number|null} part
 * @property {string|null} file_name
 * @property {boolean} has_file
 * @property {string} created_at
 * @property {string} updated_at
 *
 * @typedef {object} Finding
 * @property {string} code
 * @property {"blocks"|"look"|"note"} severity
 * @property {string|null} field
 * @property {Record<string, string>} params
 * @property {string} message
 * @property {boolean} accepted
 *
 * @typedef {object} Attempt
 * @property {string} stage
 * @property {number} attempt
 * @property {string} outcome
 * @property {string|null} code
 * @property {string|null} detail
 * @property {string} started_at
 * @property {string} finished_at
 *
 * @typedef {object} Box
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 *
 * @typedef {object} Evidence
 * @property {string} source
 * @property {string} [path]
 * @property {number} [page]
 * @property {Box} [box]
 * @property {string} [text]
 * @property {string[]} [proofs]
 * @property {number} [confidence]
 *
 * @typedef {Record<string, any> & {evidence?: Record<string, Evidence>}} CanonicalDocument
 *
 * @typedef {object} Detail
 * @property {string|null} message
 * @property {string|null} detail
 * @property {Record<string, unknown>|null} raw
 * @property {CanonicalDocument|null} document
 * @property {Finding[]} findings
 * @property {Record<string, unknown>} corrections
 * @property {string[]} accepted
 * @property {Attempt[]} attempts
 * @property {{table: string, id: string, published_at: string}|null} publication
 *
 * @typedef {Item & Detail} ItemDetail
 *
 * @typedef {object} DeadLetter
 * @property {string} id
 * @property {string} item_id
 * @property {string} batch_id
 * @property {string} stage
 * @property {"review"|"dead"|"exhausted"|"cancelled"} reason
 * @property {string} code
 * @property {string|null} detail
 * @property {number} attempts
 * @property {string} created_at
 * @property {string|null} resolved_at
 *
 * @typedef {object} Mapping
 * @property {string} id
 * @property {number} version
 * @property {string} name
 * @property {Record<string, unknown>} definition
 * @property {string} created_at
 */

export {};
