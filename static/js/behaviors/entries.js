/* What can be done with one conversation: the menu of a row, and of the head of its page. And the dialog about it. */

import { showDialog } from "lib/dialogs"
import { hear, tell } from "lib/dom"
import { pageFrom } from "lib/fetched"
import { mountSharedMenu } from "lib/shared-menu"
import { toast } from "lib/toasts"

export function mountEntries(menu) {
  const dialog = document.getElementById("entry-dialog")
  const open = mountSharedMenu(menu)
  let entry = ""

  // While it is pressed the menu is still open: it closes by itself.
  let closing = null
  hear(menu, "pointerdown", ({ target }) => {
    const opener = target.closest?.("[data-entry-menu]")
    closing = opener?.getAttribute("aria-expanded") === "true" ? opener : null
  }, true)
  hear(menu, "click", ({ target }) => {
    const opener = target.closest("[data-entry-menu]")
    if (!opener || opener === closing) return
    entry = opener.closest("[data-entry]").dataset.entry
    open(opener, opener.dataset.entryMenu || `${menu.dataset.url}${entry}/menu/`)
  })
  // The palette does what the menu does.
  hear(menu, "entry-act", async ({ detail: { opener, name } }) => {
    entry = opener.dataset.entry
    await open(opener, opener.dataset.entryMenu)
    ;[...menu.querySelectorAll("[role=menuitem]")].find((item) => item.textContent.trim() === name)?.click()
  })
  menu.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-details]")
    if (item) showDetails(dialog, `${menu.dataset.url}${entry}/`, item.dataset.details)
  })
  dialog.addEventListener("click", ({ target }) => target.closest("[data-cancel]") && dialog.close())
  hear(dialog, "htmx:after:request", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement
    if (!form?.matches?.("[data-entry-form]") || ctx.response.status >= 400) return
    // Another tab may have renamed it: what was not changed in the dialog stays.
    const saved = new DOMParser().parseFromString(ctx.text, "text/html").querySelector("[data-title]")
    rename(entry, saved?.dataset.title)
    dialog.close()
  })
}

async function showDetails(dialog, url, field) {
  const page = await pageFrom(url)
  if (!page) return toast("This could not be loaded. Try again.")
  dialog.replaceChildren(...page.body.childNodes)
  window.htmx?.process(dialog)
  showDialog(dialog)
  tell("content-added")
  const first = dialog.querySelector(field === "tags" ? "#tags-typed" : `[name=${field}]`)
  first?.focus()
  if (field === "title") first?.select()
}

/** The head of the page, if it shows this one. */
function rename(entry, title) {
  const heading = document.querySelector(`.bar__title:has([data-entry="${entry}"]) h1`)
  if (!heading || !title) return
  heading.textContent = title
  document.title = `${title} · Playground`
}
