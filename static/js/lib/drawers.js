/* History and Settings are drawers where there is no room for columns. */

let openedBy = null

export function listenForDrawers() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-drawer]")
    const closer = event.target.closest("[data-close-drawer]")
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
