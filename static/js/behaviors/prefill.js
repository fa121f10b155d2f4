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
    if (box.hidden) form.querySelector("#message").focus()
    else field.focus()
    field.dispatchEvent(new Event("input", { bubbles: true })) // What sending would take is another sum now.
  })
  field.addEventListener("input", () => draft.keep(field.disabled ? "" : field.value))
  hear(form, "htmx:before:request", ({ detail }) => {
    if (detail.ctx.sourceElement === form) form.sendingStart = field.disabled ? "" : field.value
  }, true)
  hear(form, "sent", () => {
    // What was typed after it was sent stays.
    if (field.disabled || !field.value.startsWith(form.sendingStart ?? "")) return
    field.value = field.value.slice((form.sendingStart ?? "").length)
    draft.keep(field.value)
    show(Boolean(field.value))
  })
}
