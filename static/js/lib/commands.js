/* A command carries an id that is made here: sent three times, it happens once. The page also says what it shows. */

import { formToken } from "lib/dom"
import { newId } from "lib/ids"

const KEPT_FOR_RETRY = new WeakMap()

/** Every request that changes something gets `command` and `shown`. */
export function giveCommandsIds() {
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    const { request, sourceElement } = ctx
    if (request.method === "GET") return
    request.headers["X-CSRFToken"] = formToken()
    if (!sourceElement.matches("[data-command], #composer")) return
    const values = request.body instanceof FormData || request.body instanceof URLSearchParams ? request.body : null
    const shown = document.querySelector("#messages")?.lastElementChild?.dataset.message ?? ""
    if (values) {
      if (sourceElement.matches("[data-with-settings]")) addSettings(values)
      values.set("shown", shown)
      values.set("command", idFor(sourceElement, values))
    } else {
      const url = new URL(request.action, location.href)
      url.searchParams.set("shown", shown)
      url.searchParams.set("command", newId())
      request.action = url.pathname + url.search
    }
  })
}

/** The model and the panel as they are now. Not by hx-include: it leaves out fields that stand outside their form. */
function addSettings(values) {
  for (const [name, value] of new FormData(document.getElementById("composer")))
    if (name !== "message") values.set(name, value)
}

/** The same id while the same thing is tried again; another as soon as anything in it changes. */
function idFor(element, values) {
  values.delete("command")
  const content = new URLSearchParams(values).toString()
  const kept = KEPT_FOR_RETRY.get(element)
  if (kept?.content === content) return kept.id
  const id = newId()
  KEPT_FOR_RETRY.set(element, { content, id })
  return id
}

/** It happened: doing it once more is another thing. */
export function forgetCommand(element) {
  KEPT_FOR_RETRY.delete(element)
}
