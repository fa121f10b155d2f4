/* Writing a message that is added beside another one, and asks nothing. */

import { Draft } from "lib/draft"
import { hear } from "lib/dom"

export function mountAddition(form) {
  const field = form.querySelector("textarea")
  const draft = new Draft(form.dataset.draft)
  const article = form.closest("article")
  const leave = () => {
    draft.keep("")
    form.remove()
    article.querySelector("[data-open-menu]")?.focus()
  }
  field.value = draft.read()
  field.addEventListener("input", () => draft.keep(field.value))
  field.focus()
  form.querySelector("[data-cancel]").addEventListener("click", leave)
  // Not before: of a form that is gone htmx puts nothing into the page.
  hear(form, "htmx:after:swap", ({ detail: { ctx } }) => ctx.sourceElement === form && ctx.response.status < 400 && leave())
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault()
      leave()
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.requestSubmit()
    }
  })
}
