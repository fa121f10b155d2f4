/* Branches of what stands in the page: the dialog that begins a conversation of its own, the keys between alternatives,
   and two messages to compare. */

import { mountAlternativeKeys } from "lib/alternative-keys"
import { markToCompare } from "lib/compare-with"
import { showDialog } from "lib/dialogs"
import { hear, refusal } from "lib/dom"
import { pageOrWords } from "lib/fetched"
import { toastOnNextPage } from "lib/toasts"

const WHY_NOT = {
  unreached: "There is no connection to the server. Close this and try again.",
  refused: "There is no branching off from here now. Reload the page.",
}

export function mountBranching(dialog) {
  hear(dialog, "click", ({ target }) => {
    const [branch, compare] = ["[data-branch-from]", "[data-compare-with]"].map((which) => target.closest(which))
    if (branch) open(dialog, branch)
    if (compare) markToCompare(compare.dataset.compareWith)
  })
  dialog.addEventListener("click", ({ target }) => target.closest("[data-close-dialog]") && dialog.close())
  hear(dialog, "htmx:after:request", ({ detail: { ctx } }) => {
    if (dialog.contains(ctx.sourceElement) && ctx.response.status === 204) toastOnNextPage("This is the branch. The other conversation is as it was.")
  })
  mountAlternativeKeys(dialog)
}

async function open(dialog, button) {
  const place = dialog.querySelector("[data-choices]")
  button.closest("dialog")?.close()
  place.replaceChildren()
  showDialog(dialog)
  try {
    const page = await pageOrWords(button.dataset.branchFrom, WHY_NOT)
    place.replaceChildren(...page.body.childNodes)
    window.htmx?.process(place)
    place.querySelector(":checked")?.focus()
  } catch (error) {
    place.replaceChildren(refusal(error.message))
  }
}
