/* A prompt with its values, as the server would send it. */

import { showDialog } from "lib/dialogs"
import { formToken, refusal } from "lib/dom"

/** `{text, dialog}`, or `{refused}` with a paragraph that says why not. */
export async function rendered(url, values) {
  const { page, refused } = await posted(url, values)
  const dialog = page?.querySelector("dialog")
  return dialog ? { dialog, text: dialog.querySelector("[data-rendered]").textContent } : { refused }
}

export function showPreview(dialog) {
  document.body.append(document.adoptNode(dialog))
  dialog.addEventListener("close", () => dialog.remove())
  dialog.addEventListener("click", ({ target }) => target.closest("[data-close]") && dialog.close())
  showDialog(dialog)
}

/** `{page}`, or `{refused}`. */
export async function posted(url, values) {
  try {
    const headers = { "X-CSRFToken": formToken(), "HX-Request": "true" }
    const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(values) })
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    if (response.ok && !response.redirected) return { page }
    return { refused: page.querySelector(".refusal") ?? refusal("This could not be done. Reload the page.") }
  } catch {
    return { refused: refusal("There is no connection to the server. Try again.") }
  }
}
