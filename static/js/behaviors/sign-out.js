/* Signing out leaves nothing in this browser: drafts are words of a person too. */

export function mountSignOut(form) {
  form.addEventListener("submit", () => localStorage.clear())
}
