/** Which mapping the tables among uploaded files are read by, where the tenant has any. */

import { get } from "../api.js";
import { h } from "../dom.js";
import { t } from "../language.js";
import { problemNotice } from "./notices.js";

/** @param {AbortSignal} signal */
export function mappingChoice(signal) {
  const select = h("select", { id: "mapping" }, h("option", { value: "" }, t("mappings.byName")));
  const element = h("div", { class: "mapping-choice", hidden: true }, h("label", { for: "mapping" }, t("mappings.choose")), select);
  const load = async () => {
    /** @type {{mappings: import("../types.js").Mapping[]}} */
    const { mappings } = await get("mappings", { query: { limit: 200 }, signal });
    select.append(...mappings.map(({ id, name }) => h("option", { value: id }, name)));
    element.hidden = mappings.length === 0;
  };
  load().catch((error) => !signal.aborted && problemNotice(error));
  return { element, value: () => select.value };
}
