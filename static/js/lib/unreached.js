/* A request that did not reach the server, or reached it signed out, is never silent. */

import { toast } from "lib/toasts"

export function tellOfUnreached() {
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (!ctx?.request || isTold(ctx)) return
    const what = ctx.response ? "The answer of the playground did not come whole." : "Could not reach the playground."
    toast(`${what} ${ctx.request.method === "GET" ? "Try again." : "See whether it was saved, then try again."}`)
  })
  // The page for signing in would be put where an answer belongs, and what was sent would count as done.
  document.addEventListener("htmx:before:response", (event) => {
    const { raw } = event.detail.ctx.response
    if (!raw.redirected || new URL(raw.url).pathname !== "/login/") return
    event.preventDefault()
    toast("You are signed out, and nothing was done. Reload the page to sign in.")
  })
}

/** The composer tells of commands itself, and what is asked for by itself is asked for again. */
function isTold({ request, sourceElement }) {
  const composer = document.getElementById("composer")
  return sourceElement.matches("[data-messages], [data-asks-by-itself]") || (composer && request.method !== "GET")
}
