/* Use in a chat: a new chat with this system prompt and its values, or with this message in its composer, unsent. */

import { refusal } from "lib/dom"
import { Draft } from "lib/draft"
import { judgeValues } from "lib/placeholders"
import { rendered } from "lib/preview"
import { forgetDrafts } from "lib/prompt-drafts"

export function mountPromptUse(link) {
  link.addEventListener("click", async (event) => {
    const editor = document.getElementById("editor")
    const values = document.getElementById("values-form")
    if (editor?.unsaved()) {
      event.preventDefault()
      return editor.querySelector("[data-said]").replaceChildren(refusal("Save the version first: what is typed here is not saved yet."))
    }
    // The new chat begins with the values, which are drafts already.
    if (link.dataset.kind === "system") return
    event.preventDefault()
    if (values && !judgeValues(values)) return values.querySelector('[aria-invalid="true"]').focus()
    const typed = values ? new FormData(values) : new FormData()
    typed.set("prompt_version", link.dataset.version)
    const { text, refused } = await rendered(link.dataset.url, typed)
    if (text !== undefined) {
      forgetDrafts(link.dataset.version, values?.querySelectorAll("[data-setting]") ?? [])
      write(text)
    } else if (values) values.querySelector("[data-values-error]").replaceChildren(refused)
    else location.assign(link.href)
  })
}

/** Into the draft of a new chat, below what stands there already. */
function write(text) {
  const draft = new Draft("new")
  const before = draft.read()
  if (!before.endsWith(text)) draft.keep(before.trim() ? `${before}\n\n${text}` : text)
  location.assign("/")
}
