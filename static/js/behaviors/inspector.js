/* A call laid open: its tabs, its colours, and copying what stands there. */

import { copyText } from "lib/clipboard"
import { colourCode } from "lib/colouring"
import { hear } from "lib/dom"

const COPIED_MS = 1500

export function mountInspector(page) {
  page.addEventListener("click", ({ target }) => {
    const tab = target.closest("[role=tab]")
    if (tab) choose(tab)
    const button = target.closest("[data-copy]")
    if (button) copy(page, button)
  })
  page.addEventListener("keydown", (event) => {
    if (event.target.matches("[role=tab]")) move(event)
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

/** Arrows go from tab to tab, and show it. */
function move({ key, target }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key]
  if (!step) return
  const tabs = [...target.parentElement.children]
  const next = tabs.at((tabs.indexOf(target) + step) % tabs.length)
  next.focus()
  choose(next)
}

async function copy(page, button) {
  const text = button.closest(".code").querySelector("pre").textContent
  const said = page.querySelector("[data-said]")
  said.textContent = (await copyText(`${text.trimEnd()}\n`)) ? "Copied" : "Could not copy"
  button.toggleAttribute("data-copied", said.textContent === "Copied")
  setTimeout(() => {
    button.removeAttribute("data-copied")
    said.textContent = ""
  }, COPIED_MS)
}
