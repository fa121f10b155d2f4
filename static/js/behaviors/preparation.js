/* A comparison that is being prepared: what the pickers hold goes along with every button, and so do the words. */

import { Draft } from "lib/draft"
import { hear } from "lib/dom"
import { dropOldRefusals } from "lib/old-refusals"

export function mountPreparation(setup) {
  const composer = document.getElementById("composer")
  hear(setup, "htmx:config:request", ({ detail: { ctx } }) => {
    if (!setup.contains(ctx.sourceElement)) return
    for (const [name, value] of new FormData(composer)) if (name !== "send") ctx.request.body.append(name, value)
  })
  // Opened without sending: what was typed waits in the composer of the comparison.
  hear(setup, "htmx:after:request", ({ detail: { ctx } }) => {
    if (!ctx.sourceElement.matches("[data-open-unsent]") || ctx.response.status >= 400) return
    const id = ctx.response.headers.get("HX-Redirect")?.split("/").at(-2)
    new Draft(id).keep(composer.elements.message.value)
    new Draft(composer.dataset.draft).keep("")
  }, true)
  hear(setup, "model-chosen", ({ detail }) => {
    const number = panesIn(setup).indexOf(detail.thread) + 1
    if (number) setup.querySelector(`[data-note-of="${number}"]`)?.remove()
  })
  dropOldRefusals(composer.querySelector("[data-errors]"))
  keepFocus(setup)
}

const panesIn = (setup) => [...setup.querySelectorAll("[data-thread]")]

/** Who has added a pane may add another one; who has removed one stands on the picker that came in its place. */
function keepFocus(setup) {
  let place = null // of the pane whose button was pressed with a key; -1 is that of all
  hear(setup, "htmx:before:request", ({ detail: { ctx: { sourceElement: button } } }) => {
    const isOurs = setup.contains(button) && button.matches(":focus-visible")
    place = isOurs ? panesIn(setup).indexOf(button.closest("[data-thread]")) : null
  })
  hear(setup, "htmx:after:swap", () => {
    if (place === null || document.activeElement !== document.body) return
    const pickers = setup.querySelectorAll("[role=combobox]")
    const next = place < 0 ? setup.querySelector("[data-add]") : pickers[place]
    ;(next ?? [...pickers].at(-1)).focus()
  })
}
