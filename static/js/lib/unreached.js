/* A request that did not reach the server is never silent. */

import { toast } from "lib/toasts"

export function tellOfUnreached() {
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (!ctx?.request || isTold(ctx)) return
    const then = ctx.request.method === "GET" ? "Try again." : "Nothing was saved; try again."
    toast(`Could not reach the playground. ${then}`)
  })
}

/** The composer tells of commands itself, and what the messages ask for by themselves they ask again. */
function isTold({ request, sourceElement }) {
  const composer = document.getElementById("composer")
  return sourceElement.id === "messages" || (composer && request.method !== "GET")
}
