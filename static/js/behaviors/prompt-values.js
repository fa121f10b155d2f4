/* The values of a version's placeholders, and what it says with them. */

import { judge, judgeValues } from "lib/placeholders"
import { rendered, showPreview } from "lib/preview"
import { bringBack, keepDraft } from "lib/prompt-drafts"

export function mountPromptValues(form) {
  // The drafts that a new chat with this version begins with.
  const version = form.elements.prompt_version.value
  bringBack(version, form.querySelectorAll("[data-setting]"))
  form.addEventListener("input", ({ target }) => {
    keepDraft(version, target)
    judge(target.closest("[data-value]"))
  })
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const error = form.querySelector("[data-values-error]")
    error.replaceChildren()
    if (!judgeValues(form)) return form.querySelector('[aria-invalid="true"]').focus()
    const { dialog, refused } = await rendered(form.dataset.url, new FormData(form))
    if (dialog) showPreview(dialog)
    else error.replaceChildren(refused)
  })
}
