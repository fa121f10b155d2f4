/* A list of acts that opens from a button: where it stands, and the keys in it. */

export function mountMenu(root) {
  const [opener, menu] = [root.querySelector("[data-open-menu]"), root.querySelector("[data-menu]")]
  const items = () => [...menu.querySelectorAll("[role^=menuitem]:not([hidden])")]
  opener.popoverTargetElement = menu // The browser's own: a second click closes it, where a listener would open it anew.
  menu.addEventListener("toggle", ({ newState }) => {
    const open = newState === "open"
    opener.setAttribute("aria-expanded", String(open))
    if (!open) return
    placeBelow(menu, opener)
    items()[0].focus()
  })
  menu.addEventListener("click", ({ target }) => target.closest("[role^=menuitem]") && menu.hidePopover())
  menu.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === "Escape") event.stopPropagation() // It closes the menu. It must not stop the answers behind it, too.
    if (!by) return
    event.preventDefault()
    const all = items()
    all[(all.indexOf(document.activeElement) + by + all.length) % all.length].focus()
  })
}

function placeBelow(menu, opener) {
  const { right, bottom } = opener.getBoundingClientRect()
  menu.style.insetInlineStart = `${Math.max(8, right - menu.offsetWidth)}px`
  menu.style.insetBlockStart = `${Math.min(bottom + 4, innerHeight - menu.offsetHeight - 8)}px`
}
