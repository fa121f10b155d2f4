/* The values of a version's placeholders, and what it says with them. */

import { judge, judgeValues } from "lib/placeholders"
import { rendered, showPreview } from "lib/preview"

export function mountPromptValues(form) {
  form.addEventListener("input", ({ target }) => judge(target.closest("[data-value]")))
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
