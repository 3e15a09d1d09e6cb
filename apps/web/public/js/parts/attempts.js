/** The history of an item's attempts. */

import { h } from "../dom.js";
import { formatDecimal, formatMoment, named, t } from "../language.js";

/** @param {import("../types.js").Attempt[]} attempts */
export function attemptHistory(attempts) {
  const head = ["stage", "attempt", "outcome", "when", "took"];
  const table = h(
    "table",
    { class: "cards attempts" },
    h("thead", {}, h("tr", {}, head.map((name) => h("th", { scope: "col", class: name === "attempt" || name === "took" ? "number" : null }, t(`item.${name}`))))),
    h("tbody", {}, attempts.map(row)),
  );
  const body = attempts.length > 0 ? table : h("p", { class: "muted" }, t("item.noAttempts"));
  return h("details", { class: "history" }, h("summary", {}, `${t("item.attempts")} (${attempts.length})`), body);
}

/** @param {import("../types.js").Attempt} attempt */
function row(attempt) {
  const took = (Date.parse(attempt.finished_at) - Date.parse(attempt.started_at)) / 1000;
  return h(
    "tr",
    {},
    h("td", { data: { label: t("item.stage") } }, named("stage", attempt.stage)),
    h("td", { class: "number", data: { label: t("item.attempt") } }, attempt.attempt),
    h(
      "td",
      { data: { label: t("item.outcome") } },
      named("outcome", attempt.outcome),
      attempt.code && [" ", h("code", {}, attempt.code)],
      attempt.detail && h("div", { class: "muted small" }, attempt.detail),
    ),
    h("td", { data: { label: t("item.when") } }, formatMoment(attempt.finished_at)),
    h("td", { class: "number", data: { label: t("item.took") } }, `${formatDecimal(took.toFixed(2))} s`),
  );
}
