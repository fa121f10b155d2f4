/* The small composer of a pane that is not linked to the large one. */

import { forgetCommand } from "lib/commands"
import { Draft } from "lib/draft"
import { hear } from "lib/dom"
import { mountMenu } from "lib/menu"

export function mountOwnComposer(form) {
  const field = form.elements.message
  const draft = new Draft(form.dataset.draft)
  field.value = draft.read()
  field.addEventListener("input", () => draft.keep(field.value))
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !sends(event, field)) return
    event.preventDefault()
    if (field.value.trim()) form.requestSubmit()
  })
  mountMenu(form.querySelector("[data-add]"))
  let sent = ""
  hear(form, "htmx:before:request", ({ detail }) => detail.ctx.sourceElement === form && (sent = field.value), true)
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== form || ctx.response.status >= 400) return
    forgetCommand(form)
    if (field.value.startsWith(sent)) field.value = field.value.slice(sent.length)
    draft.keep(field.value)
  }, true)
}

/** Enter where one writes to the pane, Ctrl+Enter in the start of its answer as well. */
function sends({ target, shiftKey, altKey, ctrlKey, metaKey }, field) {
  if (target === field) return !shiftKey && !altKey
  return target.matches("textarea") && (ctrlKey || metaKey)
}
