/* A command carries an id that is made here: sent three times, it happens once. The page also says what it shows. */

import { formToken } from "lib/dom"
import { newId } from "lib/ids"
import { addSettings, settingsForm, settingsOf } from "lib/settings-now"
import { conversationOf, heldIn, shownIn, threadOf, threads } from "lib/thread"

const KEPT_FOR_RETRY = new WeakMap()

/** Every request that changes something gets `command` and `shown`. */
export function giveCommandsIds() {
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    const { request, sourceElement } = ctx
    if (request.method === "GET") return
    request.headers["X-CSRFToken"] = formToken()
    if (!sourceElement.matches("[data-command], #composer")) return
    const values = request.body instanceof FormData || request.body instanceof URLSearchParams ? request.body : null
    const thread = threadOf(sourceElement)
    if (values) {
      if (sourceElement.matches("[data-all-panes]")) addAllThreads(values)
      else if (sourceElement.matches("[data-with-settings]")) addItsSettings(values, thread)
      values.set("shown", shownIn(thread))
      values.set("have", heldIn(thread))
      values.set("command", idFor(sourceElement, values))
    } else {
      const url = new URL(request.action, location.href)
      url.searchParams.set("shown", shownIn(thread))
      url.searchParams.set("have", heldIn(thread))
      url.searchParams.set("command", newId())
      request.action = url.pathname + url.search
    }
  })
  for (const [name, unanswered] of [["htmx:error", true], ["htmx:after:request", false]])
    document.addEventListener(name, ({ detail: { ctx } }) => {
      const kept = KEPT_FOR_RETRY.get(ctx?.sourceElement)
      if (!kept) return
      kept.unanswered = unanswered
      if (!unanswered && ctx.response.status < 400) forgetCommand(ctx.sourceElement)
    })
}

/** The settings of this thread, if the page has them, and the model that stands in its pane. */
function addItsSettings(values, thread) {
  if (conversationOf(thread) === settingsOf()) addSettings(values)
  for (const field of thread?.querySelectorAll("[data-field]") ?? []) values.set(field.dataset.field, field.value)
  // So that the linked panes take what was changed here.
  if (thread?.dataset.pane) values.set("pane", thread.dataset.pane)
}

/** What each of them shows and which model, and the settings that stand in the page, with the conversation that they are of. */
function addAllThreads(values) {
  for (const thread of threads()) {
    const conversation = conversationOf(thread)
    if (conversation) values.set(`shown:${conversation}`, shownIn(thread))
    for (const field of thread.querySelectorAll("[data-field]")) values.set(field.name, field.value)
  }
  if (!settingsForm()) return
  addSettings(values)
  values.set("settings_of", settingsOf())
}

/** The same id while the same thing is tried again; another as soon as anything in it changes. */
function idFor(element, values) {
  values.delete("command")
  const kept = KEPT_FOR_RETRY.get(element)
  if (kept?.unanswered) sayShown(values, new URLSearchParams(kept.content))
  const content = new URLSearchParams(values).toString()
  if (kept?.content === content) return kept.id
  const id = newId()
  KEPT_FOR_RETRY.set(element, { content, id })
  return id
}

/** It may have happened, and the page may show it by now: the same thing, tried again, says what the page showed then. */
function sayShown(values, before) {
  const [now, then] = [values, before].map((all) => [...all].map(([name, value]) => (isShown(name) ? name : `${name}=${value}`)))
  if (now.join("\n") !== then.join("\n")) return
  for (const [name, value] of before) if (isShown(name)) values.set(name, value)
}

const isShown = (name) => /^(shown(:|$)|have$)/.test(name)

/** It happened: doing it once more is another thing. */
export function forgetCommand(element) {
  KEPT_FOR_RETRY.delete(element)
}
