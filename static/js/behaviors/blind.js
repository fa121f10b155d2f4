/* The button that begins a blind round: what is being written goes along. */

import { Draft } from "lib/draft"

export function mountBlind(button) {
  button.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    const address = ctx.response.status < 400 && ctx.response.headers.get("HX-Redirect")
    const words = document.getElementById("message").value
    if (address && words) new Draft(new URL(address, location).pathname.split("/").at(-2)).keep(words)
  })
}
