/* What the page asks for by itself, without htmx: as htmx would ask, and with an end to each way in which it may not come. */

const SIGNED_OUT = "You are signed out. Reload the page to sign in."

/** Null without a connection. */
export function responseFrom(url, { headers, ...options } = {}) {
  return fetch(url, { ...options, headers: { "HX-Request": "true", ...headers } }).catch(() => null)
}

/** Who is signed out is led to another page, which is no answer. */
export function isDone(response) {
  return Boolean(response?.ok) && !response.redirected
}

export async function pageIn(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html")
}

/** Null if it cannot be had: what is shown stays, or somebody says so. */
export async function pageFrom(url) {
  const response = await responseFrom(url)
  return isDone(response) ? pageIn(response).catch(() => null) : null
}

/** Throws in words for people: `unreached` without a connection, `refused` where the server does not say why. */
export async function pageOrWords(url, { unreached, refused }, options = {}) {
  const response = await responseFrom(url, options)
  if (!response) throw new Error(unreached)
  if (response.redirected) throw new Error(SIGNED_OUT)
  const page = await pageIn(response).catch(() => null)
  if (!page) throw new Error(unreached)
  if (!response.ok) throw new Error(page.querySelector(".refusal")?.textContent.trim() || refused)
  return page
}
