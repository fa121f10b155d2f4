/* What this page has deleted, until that is taken back: it needs not be told of it, and asks nothing about it. */

import { tell } from "lib/dom"

const gone = new Set() // addresses: "/c/…/", "/compare/…/"

document.addEventListener("htmx:after:request", ({ detail: { ctx: { request, response } } }) => {
  const address = new URL(request.action, location.href).pathname.match(/^(.+\/)deletion\/$/)?.[1]
  if (!address || response.status >= 400) return
  if (request.method !== "DELETE") return gone.add(address)
  gone.delete(address)
  tell("brought-back")
})

export const isGone = (address) => gone.has(address)
