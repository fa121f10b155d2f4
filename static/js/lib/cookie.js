/* What the server has to know to draw a page as it was left. */

const YEAR_S = 31536000

export function keepInCookie(name, value) {
  document.cookie = `${name}=${value ?? ""}; path=/; SameSite=Lax; max-age=${value ? YEAR_S : 0}`
}
