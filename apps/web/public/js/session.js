/** The credential, kept for as long as this tab is open and nowhere else. */

const NAME = "gestiqcloud-imports.key";

/** @returns {string|null} */
export function credential() {
  return sessionStorage.getItem(NAME);
}

/** @param {string} key */
export function signIn(key) {
  sessionStorage.setItem(NAME, key);
}

/** For a credential that is no longer taken. */
export function forget() {
  sessionStorage.removeItem(NAME);
}

/** Forgets the credential, and with a new page everything that was read with it. */
export function signOut() {
  forget();
  location.hash = "";
  location.reload();
}
