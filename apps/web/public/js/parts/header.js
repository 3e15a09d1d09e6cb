/** The header: sections, language, sign out. */

import { fill, h } from "../dom.js";
import { language, setLanguage, t } from "../language.js";
import { credential, signOut } from "../session.js";

const SECTIONS = { batches: "#/", deadLetters: "#/dead-letters", mappings: "#/mappings" };

/**
 * @param {HTMLElement} header
 * @param {string} section
 * @param {() => void} changed called when the language is another
 */
export function showHeader(header, section, changed) {
  const known = credential() !== null;
  const brand = h("a", { href: "#/", class: "brand" }, h("img", { src: "icon.svg", alt: "", width: 24, height: 24 }), h("span", {}, t("app.name")));
  const leave = h("button", { type: "button", class: "quiet", id: "sign-out", on: { click: signOut } }, t("nav.signOut"));
  fill(header, brand, known && sections(section), h("div", { class: "header-end" }, languages(changed), known && leave));
}

/** @param {string} section */
function sections(section) {
  const links = Object.entries(SECTIONS).map(([name, href]) =>
    h("a", { href, "aria-current": name === section ? "page" : null }, t(`nav.${name}`)),
  );
  return h("nav", { "aria-label": t("app.menu") }, links);
}

/** @param {() => void} changed */
function languages(changed) {
  const choices = /** @type {const} */ (["es", "en"]).map((code) => {
    const choose = () => {
      setLanguage(code);
      changed();
    };
    const pressed = String(code === language());
    return h("button", { type: "button", lang: code, title: code === "es" ? "Español" : "English", "aria-pressed": pressed, on: { click: choose } }, code.toUpperCase());
  });
  return h("div", { class: "switch", role: "group", "aria-label": t("app.language") }, choices);
}
