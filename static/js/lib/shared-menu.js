/* One list of acts for many openers: it is filled when it is opened, and stands beside the button that was pressed. */

import { pageFrom } from "lib/fetched"
import { toast } from "lib/toasts"

const ITEMS = "[role=menuitem], [role=menuitemradio]"

/** Gives back what opens it: `open(opener, url)`. A second press on the same button closes it. */
export function mountSharedMenu(menu) {
  let openedBy = null
  menu.addEventListener("toggle", ({ newState }) => {
    openedBy?.setAttribute("aria-expanded", String(newState === "open"))
    if (newState !== "closed") return
    // Where nothing else was chosen, the focus goes back.
    if (menu.contains(document.activeElement) || document.activeElement === document.body) openedBy?.focus()
    openedBy = null
  })
  menu.addEventListener("click", ({ target }) => target.closest(ITEMS) && menu.hidePopover())
  menu.addEventListener("keydown", (event) => moveIn(menu, event))

  return async function open(opener, url) {
    if (openedBy === opener) return
    const page = await pageFrom(url)
    if (!page) return toast("This could not be loaded. Try again.")
    menu.replaceChildren(...page.body.childNodes)
    window.htmx?.process(menu)
    menu.showPopover()
    openedBy = opener
    opener.setAttribute("aria-expanded", "true")
    placeBeside(menu, opener)
    menu.querySelector(ITEMS)?.focus()
  }
}

function moveIn(menu, event) {
  if (event.key === "Escape") event.stopPropagation() // It closes the menu. It must not stop the answers behind it, too.
  const all = [...menu.querySelectorAll(ITEMS)]
  const at = all.indexOf(document.activeElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key] ?? byLetter(all, at, event)
  if (to === undefined) return
  event.preventDefault()
  all[(to + all.length) % all.length].focus()
}

/** The next one that begins with this letter. */
function byLetter(all, at, { key, ctrlKey, metaKey, altKey }) {
  if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey) return undefined
  const fits = (item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase())
  const after = all.findIndex((item, number) => number > at && fits(item))
  const found = after >= 0 ? after : all.findIndex(fits)
  return found >= 0 ? found : undefined
}

function placeBeside(menu, opener) {
  const { left, right, top, bottom } = opener.getBoundingClientRect()
  const room = innerWidth - menu.offsetWidth - 8
  menu.style.insetInlineStart = `${Math.max(8, Math.min(left, room, Math.max(left, right - menu.offsetWidth)))}px`
  const below = bottom + 4 + menu.offsetHeight <= innerHeight - 8
  menu.style.insetBlockStart = `${below ? bottom + 4 : Math.max(8, Math.min(top - 4 - menu.offsetHeight, innerHeight - menu.offsetHeight - 8))}px`
}
