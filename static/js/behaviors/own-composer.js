/* The small composer of a pane that is not linked to the large one. */

import { forgetCommand } from "lib/commands"
import { Draft } from "lib/draft"
import { hear } from "lib/dom"

export function mountOwnComposer(form) {
  const field = form.querySelector("textarea")
  const draft = new Draft(`pane-${form.closest("[data-pane]").dataset.pane}`)
  field.value = draft.read()
  field.addEventListener("input", () => draft.keep(field.value))
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.isComposing) return
    event.preventDefault()
    if (field.value.trim()) form.requestSubmit()
  })
  let sent = ""
  hear(form, "htmx:before:request", ({ detail }) => detail.ctx.sourceElement === form && (sent = field.value), true)
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== form || ctx.response.status >= 400) return
    forgetCommand(form)
    if (field.value.startsWith(sent)) field.value = field.value.slice(sent.length)
    draft.keep(field.value)
  }, true)
}
