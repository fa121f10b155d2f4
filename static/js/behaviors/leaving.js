/* Asks before a link of a message is followed that could carry the conversation away, and shows all of its address. */

import { showDialog } from "lib/dialogs"
import { hear } from "lib/dom"
import { reasonToAsk } from "lib/leaving"
import { rawText } from "lib/rendered"

export function mountLeaving(dialog) {
  const go = dialog.querySelector("[data-go]")
  const ask = (event) => {
    const link = event.target.closest?.("[data-part] a[href]")
    const reason = link && reasonToAsk(link.href, whatAPersonSaid())
    if (!reason) return
    event.preventDefault()
    dialog.querySelector("#leaving-why").textContent = reason
    dialog.querySelector("[data-address]").textContent = go.href = link.href
    showDialog(dialog)
  }
  hear(dialog, "click", ask, true)
  hear(dialog, "auxclick", ask, true)
  go.addEventListener("click", () => dialog.close())
}

function whatAPersonSaid() {
  const texts = [...document.querySelectorAll('.message--user [data-part="text"]')].map(rawText)
  const prompts = [...document.querySelectorAll("[name=system_prompt]")].map(({ value }) => value)
  return [...prompts, ...texts].join("\n")
}
