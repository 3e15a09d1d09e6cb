/** What a field is called, from its path. */

import { placeOf } from "../fields.js";
import { named, t } from "../language.js";

/** @param {string} path @returns {string} */
export function fieldTitle(path) {
  const { group, row, field } = placeOf(path);
  const parts = [group && t(`group.${group}`), row === null ? "" : String(row + 1), named("field", field)];
  return parts.filter(Boolean).join(" · ");
}
