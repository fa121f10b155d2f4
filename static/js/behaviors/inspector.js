/* A call laid open: its tabs, its colours, and copying what stands there. */

import { copyCode } from "lib/clipboard"
import { colourCode } from "lib/colouring"
import { hear } from "lib/dom"
import { moveAmongTabs } from "lib/tabs"

export function mountInspector(page) {
  page.addEventListener("click", ({ target }) => {
    const tab = target.closest("[role=tab]")
    if (tab) choose(tab)
    const button = target.closest("[data-copy]")
    if (button) copyCode(button, page.querySelector("[data-said]"))
  })
  page.addEventListener("keydown", (event) => {
    if (event.target.matches("[role=tab]")) moveAmongTabs(event)
  })
  hear(page, "htmx:after:swap", () => colourAll(page))
  colourAll(page)
}

function colourAll(page) {
  for (const code of page.querySelectorAll("code[data-language]")) colourCode(code)
}

function choose(chosen) {
  for (const tab of chosen.parentElement.children) {
    const is = tab === chosen
    tab.ariaSelected = is
    tab.tabIndex = is ? 0 : -1
    document.getElementById(tab.getAttribute("aria-controls")).toggleAttribute("data-chosen", is)
  }
}
