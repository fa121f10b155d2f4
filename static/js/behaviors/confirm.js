/* What cannot be taken back asks first. */

import { showDialog } from "lib/dialogs"
import { hear } from "lib/dom"

/** A dialog that asks what the button pressed has in `data-confirm`. Without scripts nothing asks, and all works. */
export function mountConfirm(dialog) {
  let asked = null
  hear(dialog, "submit", (event) => {
    const button = event.submitter
    if (!button?.dataset.confirm || button === asked) return
    event.preventDefault()
    event.stopPropagation() // A form of htmx would be sent already.
    asked = button
    dialog.querySelector("h2").textContent = button.dataset.confirm
    dialog.querySelector("[data-do]").textContent = button.textContent
    dialog.returnValue = ""
    showDialog(dialog)
  }, true)
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "do") asked.form.requestSubmit(asked)
    asked = null
  })
}
