/* Editing a message where it stands. */

import { Draft } from "lib/draft"
import { hear } from "lib/dom"

export function mountEditor(form) {
  const field = form.querySelector("textarea")
  const article = form.closest("article")
  const draft = new EditDraft(article.dataset.message, form.querySelector("[data-revision]"))
  const cancel = form.querySelector("[data-cancel]")
  field.value = draft.read() || field.value
  field.addEventListener("input", () => draft.keep(field.value))
  field.focus()
  field.setSelectionRange(field.value.length, field.value.length)
  cancel.addEventListener("click", () => draft.keep(""))
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    const over = ctx.sourceElement === cancel || (ctx.sourceElement === form && ctx.response.status < 400)
    if (over) left(draft)
    // Another tab that edits the same message has had the draft meanwhile.
    else if (ctx.sourceElement === form) draft.keep(field.value)
  }, true)
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault()
      cancel.click()
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.requestSubmit(form.querySelector('[name="run"]') ?? undefined)
    }
  })
}

/** Kept with the revision of the words that it began with: who goes on with it later must not save it over newer ones. */
class EditDraft {
  #text
  #revision
  #field

  constructor(message, field) {
    this.#text = new Draft(message)
    this.#revision = new Draft(`${message}:revision`)
    this.#field = field
  }

  read() {
    const text = this.#text.read()
    if (text) this.#field.value = this.#revision.read() || this.#field.value
    return text
  }

  keep(text) {
    this.#text.keep(text)
    this.#revision.keep(text && this.#field.value)
  }
}

/** What is saved or given up is no draft any more, and one goes on writing below. */
function left(draft) {
  draft.keep("")
  document.getElementById("message")?.focus()
}
