/* The tree over the page that one is on. It is fetched each time: much may have been said since. */

import { showDialog } from "lib/dialogs"
import { hear, refusal, tell } from "lib/dom"
import { pageOrWords } from "lib/fetched"
import { isTyping } from "lib/typing"

const WHY_NOT = {
  unreached: "There is no connection to the server. Close this and open it again.",
  refused: "The tree cannot be shown now. Reload the page.",
}

export function mountTreeDialog(dialog) {
  const place = dialog.querySelector("[data-place]")
  hear(dialog, "click", ({ target }) => {
    const button = target.closest("[data-open-tree]")
    if (button) open(dialog, place, button.dataset.openTree)
  })
  hear(dialog, "keydown", (event) => {
    if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
    event.preventDefault()
    open(dialog, place, dialog.dataset.url)
  })
  dialog.addEventListener("click", ({ target }) => target.closest("[data-close-dialog]") && dialog.close())
  dialog.addEventListener("close", () => place.replaceChildren())
}

async function open(dialog, place, url) {
  showDialog(dialog)
  if (!dialog.open) return
  try {
    const page = await pageOrWords(url, WHY_NOT)
    place.replaceChildren(page.querySelector("[data-behavior=tree]"))
    tell("content-added")
  } catch (error) {
    place.replaceChildren(refusal(error.message))
  }
}
