/** Signing in: a key is tried on the API before it is kept. */

import { Problem, get } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../language.js";
import { problemText } from "../parts/notices.js";
import { signIn } from "../session.js";

/**
 * @param {import("../main.js").Visit} visit
 * @param {{ended: boolean, entered: () => void}} options
 */
export function signInPage({ root }, { ended, entered }) {
  document.title = `${t("signIn.title")} · ${t("app.name")}`;
  const key = h("input", { id: "key", type: "password", autocomplete: "off", spellcheck: "false", required: true, "aria-describedby": "key-hint key-error" });
  const error = h("div", { id: "key-error", role: "alert", class: "bad-text" }, ended && t("signIn.ended"));
  const submit = h("button", { class: "primary", id: "sign-in" }, t("signIn.submit"));
  const form = h(
    "form",
    { class: "sign-in", novalidate: true },
    h("h1", {}, t("app.name")),
    h("p", { class: "muted" }, t("signIn.lead")),
    h("label", { for: "key" }, t("signIn.key")),
    key,
    h("p", { id: "key-hint", class: "muted small" }, t("signIn.hint")),
    error,
    submit,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    const refusal = await refusalOf(key.value.trim());
    submit.disabled = false;
    if (refusal) {
      fill(error, refusal);
      key.focus();
    } else {
      signIn(key.value.trim());
      entered();
    }
  });
  fill(root, form);
  key.focus();
}

/** @param {string} key @returns {Promise<Node|string|null>} why it is not taken */
async function refusalOf(key) {
  if (!key) return t("signIn.empty");
  if (!/^[\x21-\x7e]+$/.test(key)) return t("signIn.refused");
  try {
    await get("batches", { query: { limit: 1 }, key });
    return null;
  } catch (error) {
    return error instanceof Problem && error.status === 401 ? t("signIn.refused") : problemText(error);
  }
}
