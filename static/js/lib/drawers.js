/* History and Settings are drawers where there is no room for columns. As a column, too, Settings can be closed. */

import { keepInCookie } from "lib/cookie"

let openedBy = null

export function listenForDrawers() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-drawer]")
    const closer = event.target.closest("[data-close-drawer]")
    if (toggleColumn(opener, closer)) return event.preventDefault()
    if (!opener && !closer && event.target.closest(".drawer, dialog, .toasts")) return
    close()
    if (opener) show(document.getElementById(opener.dataset.openDrawer), opener)
    if (opener || closer) event.preventDefault()
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !openDrawer() || document.querySelector("dialog[open], [popover]:popover-open")) return
    event.stopPropagation()
    close()
  }, true)
  // What lies below the veil cannot be reached. Not by `inert`: then the page would have no main part and no heading.
  document.addEventListener("focusin", ({ target }) => {
    if (openDrawer() && !target.closest(".drawer[data-open], dialog, .toasts")) enter(openDrawer())
  })
  // A column again, when there is room for it.
  addEventListener("resize", () => openDrawer() && getComputedStyle(openDrawer()).position !== "fixed" && close())
}

/** Whether it was Settings as a column. A cookie keeps it, so that the page is drawn right from the start. */
function toggleColumn(opener, closer) {
  const drawer = opener ? document.getElementById(opener.dataset.openDrawer) : closer?.closest(".drawer")
  if (drawer?.id !== "settings" || getComputedStyle(drawer).position === "fixed") return false
  const root = document.documentElement
  if (opener) delete root.dataset.settings
  else root.dataset.settings = "closed"
  keepInCookie("settings", root.dataset.settings)
  document.querySelector(opener ? "#settings [data-close-drawer]" : "[data-open-drawer=settings]").focus()
  return true
}

const openDrawer = () => document.querySelector(".drawer[data-open]")

function show(drawer, opener) {
  openedBy = opener
  drawer.dataset.open = ""
  enter(drawer)
}

function enter(drawer) {
  drawer.querySelector("a[href], button:not([hidden]), input")?.focus()
}

function close() {
  const drawer = openDrawer()
  if (!drawer) return
  delete drawer.dataset.open
  openedBy?.focus()
  openedBy = null
}
