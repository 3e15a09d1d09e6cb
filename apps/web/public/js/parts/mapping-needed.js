/** A table whose columns nobody recognised: the tenant's mappings to choose from. */

import { get, put } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../language.js";
import { problemNotice } from "./notices.js";

/** @typedef {import("../types.js").ItemDetail} ItemDetail */

/**
 * @param {ItemDetail} item
 * @param {AbortSignal} signal
 * @param {(item: ItemDetail) => void} given what to do with the item once it goes on
 */
export function mappingNeeded(item, signal, given) {
  const element = h("section", { class: "mapping-needed", id: "mapping-needed" });
  const give = async (/** @type {HTMLSelectElement} */ select, /** @type {HTMLButtonElement} */ button) => {
    button.disabled = true;
    try {
      given(await put(`items/${item.id}/mapping`, { mapping_id: select.value }));
    } catch (error) {
      button.disabled = false;
      problemNotice(error);
    }
  };
  const load = async () => {
    /** @type {{mappings: import("../types.js").Mapping[]}} */
    const { mappings } = await get("mappings", { query: { limit: 200 }, signal });
    if (mappings.length === 0) return fill(element, h("p", { class: "muted" }, t("item.noMappings")));
    const select = h("select", { id: "needed-mapping" }, mappings.map(({ id, name }) => h("option", { value: id }, name)));
    const button = h("button", { type: "button", class: "primary", id: "give-mapping" }, t("item.giveMapping"));
    button.addEventListener("click", () => void give(select, button));
    fill(element, h("div", { class: "mapping-choice" }, h("label", { for: "needed-mapping" }, t("item.chooseMapping")), select, button));
  };
  load().catch((error) => !signal.aborted && problemNotice(error));
  return element;
}
