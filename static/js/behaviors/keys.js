/* `?` lists the keys, wherever it is not a letter of a text. */

import { hear } from "lib/dom"
import { showDialog } from "lib/dialogs"

const TEXTS = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]"

export function mountKeys(dialog) {
  if (/Mac|iPhone|iPad/.test(navigator.platform)) dialog.querySelectorAll("[data-command-key]").forEach((key) => (key.textContent = "⌘"))
  hear(dialog, "keydown", (event) => {
    if (event.key !== "?" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.target.closest(TEXTS)) return
    event.preventDefault()
    showDialog(dialog)
  })
  hear(dialog, "click", ({ target }) => target.closest("[data-open-keys]") && showDialog(dialog))
}
