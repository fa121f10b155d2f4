/* View code: a dialog with the request of the last answer, or the one that would be sent now, as code. */

import { copyCode } from "lib/clipboard"
import { colourCode } from "lib/colouring"
import { formToken, refusal } from "lib/dom"
import { addSettings, settingsOf } from "lib/settings-now"
import { moveAmongTabs } from "lib/tabs"
import { conversationOf, threadOf } from "lib/thread"

const TARGET = "code-target" // in which language this person takes code away

export function mountSnippets(button) {
  button.addEventListener("click", async () => {
    const answer = await ask(button, { source: button.dataset.source, target: localStorage.getItem(TARGET) ?? "" })
    if (!document.querySelector(".code-dialog[open]")) open(answer.dialog ?? sorry(answer.words), button)
  })
}

function open(dialog, button) {
  document.body.append(dialog)
  mount(dialog, button)
  dialog.showModal()
  colour(dialog)
}

function mount(dialog, opener) {
  dialog.addEventListener("close", () => dialog.remove())
  dialog.addEventListener("keydown", (event) => {
    // Escape closes the dialog. It must not stop the answer behind it, too.
    if (event.key === "Escape") event.stopPropagation()
    if (event.target.matches("[role=tab]")) moveAmongTabs(event)
  })
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close]")) dialog.close()
    const tab = target.closest("[role=tab]")
    if (tab && tab.dataset.tab !== dialog.dataset.source) change(dialog, opener, { source: tab.dataset.tab, stream: "" })
    const button = target.closest("[data-copy]")
    if (button) copyCode(button, dialog.querySelector("[data-said]"))
  })
  dialog.addEventListener("change", ({ target }) => {
    if (target.name === "target") localStorage.setItem(TARGET, target.value)
    change(dialog, opener, {})
  })
}

/** Another tab, language or way of answering: all but the choices themselves is drawn anew. */
async function change(dialog, opener, changes) {
  const wish = (dialog.wish = { ...wishOf(dialog), ...changes })
  const { dialog: fresh, words } = await ask(opener, wish)
  if (dialog.wish !== wish || !dialog.isConnected) return // Another change has come since.
  const shown = dialog.querySelector("[data-shown]")
  if (!fresh) return shown.replaceChildren(refusal(words))
  dialog.dataset.source = fresh.dataset.source
  for (const tab of fresh.querySelectorAll("[role=tab]")) select(dialog.querySelector(`#${tab.id}`), tab)
  const stream = fresh.querySelector("[name=stream]")
  if (!stream.disabled) dialog.querySelector("[name=stream]").checked = stream.checked
  dialog.querySelector("[name=stream]").disabled = stream.disabled
  shown.setAttribute("aria-labelledby", `code-${fresh.dataset.source}`)
  shown.replaceChildren(...fresh.querySelector("[data-shown]").childNodes)
  colour(dialog)
}

function wishOf(dialog) {
  const stream = dialog.querySelector("[name=stream]")
  return {
    source: dialog.dataset.source,
    target: dialog.querySelector("[name=target]").value,
    stream: stream.disabled ? "" : stream.checked ? "on" : "off",
  }
}

function select(tab, as) {
  tab.setAttribute("aria-selected", as.getAttribute("aria-selected"))
  tab.tabIndex = as.tabIndex
}

/** What was sent is asked for; what is set stands in the page, and is told. */
async function ask(opener, wish) {
  const { source, ...options } = wish
  const request = source === "set" ? posted(threadOf(opener)) : {}
  try {
    const response = await fetch(`${opener.dataset.url}?${new URLSearchParams(options)}`, request)
    const dialog = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("dialog")
    if (dialog && dialog.dataset.source !== source) return ask(opener, { ...wish, source: "set" }) // Nothing was sent yet.
    return { dialog: dialog && document.adoptNode(dialog), words: "The code could not be made. Reload the page." }
  } catch {
    return { dialog: null, words: "There is no connection to the server. Try again." }
  }
}

/** Of a thread: the message if the composer feeds it, and the settings if they are its own. */
function posted(thread) {
  const values = new FormData()
  if (thread?.matches("[data-fed]"))
    for (const field of document.querySelectorAll("#composer :is([name=message], [name=start]:enabled)")) values.set(field.name, field.value)
  if (conversationOf(thread) === settingsOf()) addSettings(values)
  return { method: "POST", headers: { "X-CSRFToken": formToken() }, body: new URLSearchParams(values) }
}

function colour(dialog) {
  const code = dialog.querySelector("code[data-language]")
  if (code) colourCode(code)
}

/** A dialog with nothing but a refusal. */
function sorry(words) {
  const dialog = document.createElement("dialog")
  dialog.className = "dialog code-dialog"
  dialog.setAttribute("aria-label", "View code")
  const close = document.createElement("button")
  close.className = "button button--bordered"
  close.textContent = "Close"
  close.dataset.close = ""
  dialog.append(refusal(words), close)
  return dialog
}
