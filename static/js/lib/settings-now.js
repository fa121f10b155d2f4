/* What stands in the page now: the model, the system prompt, the panel. */

import { formToken } from "lib/dom"

// A browser lets no more than this go out while it leaves the page.
const MOST_WHILE_LEAVING = 60_000

/** Posts it, with `more` beside it. The message is not part of it. */
export function postSettings(url, more = {}, { leaving = false } = {}) {
  const values = new FormData(document.getElementById("composer"))
  values.delete("message")
  values.set("conversation", document.getElementById("chat").dataset.conversation ?? "")
  for (const [name, value] of Object.entries(more)) values.set(name, value)
  const body = new URLSearchParams(values)
  const headers = { "X-CSRFToken": formToken(), "HX-Request": "true" }
  return fetch(url, { method: "POST", headers, body, keepalive: leaving && String(body).length < MOST_WHILE_LEAVING })
}
