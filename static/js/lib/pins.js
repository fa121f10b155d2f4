/* Pinned models: the picker and the panel both pin, and both hear of it. */

import { formToken, tell } from "lib/dom"

export async function setPinned({ provider, model }, pinned) {
  const values = new URLSearchParams({ of_provider: provider, named: model })
  const headers = { "X-CSRFToken": formToken(), "HX-Request": "true" }
  const response = pinned
    ? await fetch("/models/pins/", { method: "POST", headers, body: values })
    : await fetch(`/models/pins/?${values}`, { method: "DELETE", headers })
  if (!response.ok) throw new Error(response.statusText)
  tell("pins-changed", { provider, model, pinned })
  tell("announce", { words: `${model} ${pinned ? "pinned" : "no longer pinned"}` })
}
