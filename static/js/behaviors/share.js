/* Share: a dialog in which one chooses what a link shows, sees it as its reader will, and is given the link. */

import { copyText } from "lib/clipboard"
import { formToken, later, refusal, tell } from "lib/dom"
import { pageOrWords } from "lib/fetched"
import { newId } from "lib/ids"

const PAUSE_MS = 350 // after which what is typed shows in the preview
const WITHOUT_EFFECT = ["expires", "until", "knowingly"]
const WORDS = {
  unreached: "There is no connection to the server. Try again.",
  refused: "This could not be shared. Reload the page, and try again.",
}

export function mountShare(button) {
  button.addEventListener("click", () => open(button.dataset.url))
}

async function open(url, before = null) {
  const page = await pageOrWords(url, WORDS).catch(sorry)
  const dialog = document.adoptNode(page.querySelector("dialog"))
  before?.remove()
  if (document.querySelector("dialog[open]")) return
  document.body.append(dialog)
  dialog.dataset.url = url
  mount(dialog)
  dialog.showModal()
  tell("content-added") // The preview is drawn like the page itself.
}

function mount(dialog) {
  const form = dialog.querySelector("[data-form]")
  dialog.addEventListener("close", () => leave(dialog))
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation())
  dialog.addEventListener("click", (event) => press(dialog, form, event))
  if (!form) return
  const soon = later(() => show(dialog, form), PAUSE_MS)
  form.addEventListener("input", ({ target }) => target.matches("[type=text], input:not([type])") && soon())
  form.addEventListener("change", ({ target }) => {
    countRows(form)
    if (!WITHOUT_EFFECT.includes(target.name) && target.type === "checkbox") show(dialog, form, target.name === "alternatives")
  })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    send(dialog, form.action, { body: chosen(form, { command: idFor(form) }) })
  })
  countRows(form)
}

function press(dialog, form, { target }) {
  const button = target.closest("button")
  if (target === dialog || button?.matches("[data-close]")) dialog.close()
  if (button?.matches("[data-act]")) send(dialog, button.dataset.act)
  if (button?.matches("[data-undo]")) send(dialog, button.dataset.undo, { method: "DELETE" })
  if (button?.matches("[data-again]")) open(dialog.dataset.url, dialog)
  if (button?.matches("[data-copy-link]")) copy(dialog, button)
  if (button?.matches("[data-hide]")) hide(dialog, form, button.dataset.hide)
}

/** A list of links on the page behind it would be old now. */
function leave(dialog) {
  const isOld = "acted" in dialog.dataset && document.querySelector("[data-share-list]")
  dialog.remove()
  if (isOld) location.reload()
}

// The preview

/** What stands in the preview is always what was chosen last. */
async function show(dialog, form, withRows = false) {
  const wish = (dialog.wish = {})
  try {
    const page = await pageOrWords(dialog.dataset.previewUrl, WORDS, posting(chosen(form)))
    if (dialog.wish !== wish || !dialog.isConnected) return
    put(dialog, page, "shown")
    put(dialog, page, "findings")
    if (withRows) put(dialog, page, "rows")
    const title = dialog.querySelector("[data-shown] h1")?.textContent
    if (title && !form.elements.title.value) form.elements.title.placeholder = title
    countRows(form)
    say(form)
    tell("content-added")
  } catch (error) {
    say(form, refusal(error.message))
  }
}

function put(dialog, page, name) {
  const [place, fresh] = [dialog, page].map((root) => root.querySelector(`[data-${name}]`))
  place.replaceChildren(...fresh.childNodes)
}

/** What is hidden goes as one field: a list of fields may have only so many. */
function chosen(form, more = {}) {
  const values = new FormData(form)
  const rows = [...form.querySelectorAll("[data-row]")]
  const ids = (those) => those.map(({ value }) => value).join()
  values.set("hidden", ids(rows.filter((row) => !("muted" in row.dataset) && !row.checked)))
  values.set("unmuted", ids(rows.filter((row) => "muted" in row.dataset && row.checked)))
  for (const [name, value] of Object.entries(more)) values.set(name, value)
  return values
}

function countRows(form) {
  const rows = [...form.querySelectorAll("[data-row]")]
  const shown = rows.filter(({ checked }) => checked).length
  form.querySelector("[data-count]").textContent = shown === rows.length ? `all ${rows.length}` : `${shown} of ${rows.length}`
}

function hide(dialog, form, id) {
  const row = form.querySelector(`[data-row][value="${CSS.escape(id)}"]`)
  if (!row) return
  row.checked = false
  form.querySelector(".share-dialog__messages").open = true
  show(dialog, form)
  row.focus()
}

// Making, changing, ending

/** The same id while the same thing is tried again. */
function idFor(form) {
  const content = new URLSearchParams(chosen(form)).toString()
  if (form.sent?.content !== content) form.sent = { content, id: newId() }
  return form.sent.id
}

async function send(dialog, url, { method = "POST", body = new FormData() } = {}) {
  const buttons = [...dialog.querySelectorAll(".share-dialog__foot button, [data-made] button")]
  const form = dialog.querySelector("[data-form]")
  for (const button of buttons) button.disabled = true
  try {
    const page = await pageOrWords(url, WORDS, { ...posting(body), method })
    dialog.dataset.acted = ""
    tellOf(dialog, form, page.querySelector("[data-made]"))
  } catch (error) {
    say(form, refusal(error.message))
  } finally {
    for (const button of buttons) button.disabled = false
  }
}

/** In the place of the choices: what has happened, and the link if there is a new one. */
function tellOf(dialog, form, made) {
  const row = document.createElement("div")
  row.className = "dialog__row"
  row.append(action("Back to the choices", "again", "bordered"), action("Done", "close", "bordered"))
  form.replaceChildren(made, row)
  const link = form.querySelector("[data-share-link]")
  link?.select()
  const first = form.querySelector("[data-copy-link]") ?? row.lastElementChild
  first.focus()
}

function action(words, name, kind) {
  const button = document.createElement("button")
  button.type = "button"
  button.className = `button button--${kind}`
  button.textContent = words
  button.dataset[name] = ""
  return button
}

async function copy(dialog, button) {
  const link = dialog.querySelector("[data-share-link]")
  if (await copyText(link.value)) {
    button.lastChild.textContent = " Copied"
    tell("announce", { words: "Copied" })
  } else link.select()
}

const posting = (body) => ({ method: "POST", headers: { "X-CSRFToken": formToken() }, body: new URLSearchParams(body) })

function say(form, ...nodes) {
  form.querySelector("[data-said]")?.replaceChildren(...nodes)
}

/** A dialog with nothing but a refusal. */
function sorry(error) {
  const page = document.implementation.createHTMLDocument()
  const dialog = document.createElement("dialog")
  dialog.className = "dialog"
  dialog.setAttribute("aria-label", "Share")
  dialog.append(refusal(error.message), action("Close", "close", "bordered"))
  page.body.append(dialog)
  return page
}
