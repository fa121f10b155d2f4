/* The start of the answer, typed by the person: the model goes on from there. */

import { hear } from "lib/dom"
import { Draft } from "lib/draft"

export function mountPrefill(box) {
  const { form } = box.querySelector("textarea")
  const [opener, field] = [form.querySelector("[data-open-start]"), box.querySelector("textarea")]
  const draft = new Draft(`${form.dataset.draft}:start`)
  const show = (open) => {
    box.hidden = !open
    // What nobody sees is not sent.
    field.disabled = !open
    opener.setAttribute("aria-expanded", String(open))
  }
  field.value = draft.read()
  show(Boolean(field.value))
  opener.addEventListener("click", () => {
    show(box.hidden)
    if (box.hidden) form.elements.message.focus()
    else field.focus()
    field.dispatchEvent(new Event("input", { bubbles: true })) // What sending would take is another sum now.
  })
  field.addEventListener("input", () => draft.keep(field.disabled ? "" : field.value))
  hear(form, "htmx:before:request", ({ detail }) => {
    const { sourceElement, request } = detail.ctx
    // What is only added has no answer yet.
    if (sourceElement === form) form.sendingStart = field.disabled || request.body?.get?.("add") ? "" : field.value
  }, true)
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== form || ctx.response.status >= 400) return
    // What was typed after it was sent stays.
    if (field.disabled || !field.value.startsWith(form.sendingStart ?? "")) return
    field.value = field.value.slice((form.sendingStart ?? "").length)
    draft.keep(field.value)
    show(Boolean(field.value))
  }, true)
}
