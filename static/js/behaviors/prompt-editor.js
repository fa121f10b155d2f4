/* The text of a saved prompt: its placeholders are marked and listed while one types, and what is not saved is kept. */

import { hear, tell } from "lib/dom"
import { Draft } from "lib/draft"
import { mark, namesIn } from "lib/placeholders"

const MOST_LISTED = 100

let sent = null // as it was typed when it was last sent to be saved

export function mountPromptEditor(form) {
  const field = form.querySelector("[data-text]")
  const base = form.querySelector("[data-base]")
  const list = document.querySelector("[data-variables]")
  const rows = new Map([...list.children].map((row) => [row.dataset.variable, row]))
  const draft = new Draft(`prompt-${form.dataset.draft}`)
  const stored = JSON.stringify(typedIn(form))

  const draw = () => {
    listNames(list, rows, field.value)
    mark(form.querySelector("[data-under]"), field.value, (name) => rows.has(name))
  }
  const typeIn = (typed) => {
    field.value = typed.find(([name]) => name === "text")?.[1] ?? field.value
    draw()
    fill(form, typed)
  }
  form.addEventListener("htmx:before:request", () => (sent = JSON.stringify(typedIn(form))))
  form.unsaved = () => JSON.stringify(typedIn(form)) !== stored
  for (const row of rows.values()) mountRow(row)
  draw()
  tellSaid(form)
  if ("saved" in form.dataset) saved(form, draft, typeIn)
  else if (!("refused" in form.dataset)) bringBack(form, draft, typeIn)
  // Not all fields of the form stand in it.
  hear(form, "input", ({ target }) => {
    if (target.form !== form) return
    draft.keep(form.unsaved() ? JSON.stringify({ typed: typedIn(form), base: base.value }) : "")
    if (target === field) draw()
  })
  form.querySelector("[data-drop-draft]").addEventListener("click", () => {
    draft.keep("")
    base.value = base.defaultValue
    typeIn(JSON.parse(stored))
    form.querySelector("[data-restored]").hidden = true
    field.focus()
  })
  hear(form, "keydown", (event) => {
    if (event.target.form !== form || event.key !== "s" || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    form.requestSubmit()
  })
}

const isTyped = (name) => ["text", "note", "name", "kind"].includes(name) || name.includes(":")

/** All that a person types here, as `[name, value]`. */
function typedIn(form) {
  return [...new FormData(form)].filter(([name]) => isTyped(name))
}

function fill(form, typed) {
  const values = new Map(typed)
  for (const field of form.elements) {
    if (!isTyped(field.name)) continue
    if (field.type === "checkbox") field.checked = values.has(field.name)
    else field.value = values.get(field.name) ?? ""
    field.dispatchEvent(new Event("change"))
  }
}

/** What was saved is no draft any more, but what was typed after it was sent. */
function saved(form, draft, typeIn) {
  const left = form.dataset.left ? new Draft(`prompt-${form.dataset.left}`) : draft
  const kept = left.read()
  left.keep("")
  const typedOn = sent && kept && JSON.stringify(parsed(kept)?.typed) !== sent
  sent = null
  if (typedOn) {
    draft.keep(JSON.stringify({ typed: parsed(kept).typed, base: form.querySelector("[data-base]").value }))
    bringBack(form, draft, typeIn)
  }
  // The button that was pressed is gone: the new one has the focus.
  if (document.activeElement === document.body) form.querySelector("#save-version").focus()
}

function tellSaid(form) {
  const words = form.querySelector("[data-said]").textContent.trim()
  if (words) tell("announce", { words })
}

/** Based on the version that it was typed over, so that the server can tell what was saved since. */
function bringBack(form, draft, typeIn) {
  const kept = parsed(draft.read())
  if (!Array.isArray(kept?.typed) || JSON.stringify(kept.typed) === JSON.stringify(typedIn(form))) return
  typeIn(kept.typed)
  if (kept.base) form.querySelector("[data-base]").value = kept.base
  form.querySelector("[data-restored]").hidden = false
}

function parsed(json) {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

/** A row for each name. One whose name is gone is kept aside: the name may be back with the next letter. */
function listNames(list, rows, text) {
  const names = namesIn(text).slice(0, MOST_LISTED)
  for (const name of names) if (!rows.has(name)) rows.set(name, blank(name))
  const shown = names.map((name) => rows.get(name))
  if (shown.length !== list.children.length || shown.some((row, at) => row !== list.children[at])) list.replaceChildren(...shown)
  document.querySelector("[data-none]").hidden = names.length > 0
}

function blank(name) {
  const row = document.querySelector("[data-blank]").content.firstElementChild.cloneNode(true)
  row.dataset.variable = name
  row.querySelector("legend").textContent = name
  for (const field of row.querySelectorAll("[name]")) field.name += name
  row.querySelector("[type=checkbox]").checked = true
  mountRow(row)
  return row
}

function mountRow(row) {
  const type = row.querySelector("[data-type]")
  const show = () => (row.querySelector("[data-choices]").hidden = type.value !== "choice")
  type.addEventListener("change", show)
  show()
}
