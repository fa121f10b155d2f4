/* What else can be done with a message: a menu that is fetched when it is first opened, for most are never opened. */

import { refusal } from "lib/dom"
import { pageOrWords } from "lib/fetched"
import { mountMenu } from "lib/menu"
import { errorsIn, threadOf } from "lib/thread"

const WHY_NOT = {
  unreached: "There is no connection to the server. Try again.",
  refused: "What can be done with this message cannot be shown now. Reload the page.",
}

export async function openMessageMenu({ target }) {
  const opener = target.closest("[data-message-menu]")
  if (!opener || opener.popoverTargetElement || opener.matches("[aria-busy]")) return
  opener.setAttribute("aria-busy", "true")
  try {
    const page = await pageOrWords(opener.dataset.messageMenu, WHY_NOT)
    show(opener, page.querySelector("[data-menu]"))
  } catch (error) {
    errorsIn(threadOf(opener))?.replaceChildren(refusal(error.message))
  } finally {
    opener.removeAttribute("aria-busy")
  }
}

function show(opener, menu) {
  if (!opener.isConnected) return
  opener.after(menu)
  window.htmx?.process(menu)
  mountMenu(opener.parentElement)
  menu.showPopover({ source: opener })
}
