/* The dialog of a sweep: what varies, its values, and how many requests that makes. */

import { showDialog } from "lib/dialogs"
import { hear, refusal } from "lib/dom"
import { pageOrWords } from "lib/fetched"
import { addValue, linesIn, removeValue } from "lib/value-list"

const OPENS = '[data-open-dialog="sweep-dialog"]'
// As the server reads them: on one line these may stand apart by commas.
const APART_BY_COMMAS = ["number", "integer", "choice"]
const BY_LINE = [...APART_BY_COMMAS, "text"]

export function mountSweep(dialog) {
  const fields = dialog.querySelector("[data-fields]")
  hear(dialog, "click", ({ target }) => target.closest(OPENS) && open(dialog, fields))
  dialog.addEventListener("click", ({ target }) => {
    if (target.closest("[data-close-dialog]")) dialog.close()
    if (target.closest("[data-add-value]")) addValue(target.closest("fieldset"))
    if (target.closest("[data-remove-value]")) removeValue(target.closest(".sweep__value"))
    count(fields)
  })
  dialog.addEventListener("input", ({ target }) => {
    if (target.matches("[data-kind], [data-parameter-to-vary]")) choose(dialog, fields)
    if (target.matches("[data-find]")) find(fields, target.value)
    if (target.matches("[data-prompt-to-vary]")) load(dialog, "versions", target.value)
    count(fields)
  })
}

/** What was typed stays when it is opened again; which panes there are may have changed. */
async function open(dialog, fields) {
  showDialog(dialog)
  say(dialog, "")
  const page = await ask(dialog, "").catch((error) => say(dialog, error.message))
  if (!page) return
  const [before, now] = [fields, page].map((place) => place.querySelector("[data-panes-to-vary]"))
  if (!fields.childElementCount) fields.replaceChildren(...page.childNodes)
  else if (before) {
    const { value } = before
    before.replaceChildren(...now.children)
    if ([...before.options].some((option) => option.value === value)) before.value = value
  }
  choose(dialog, fields)
  count(fields)
}

/** Only what belongs to the choice can be filled in, and only that is sent. */
function choose(dialog, fields) {
  const kind = fields.querySelector("[data-kind]").value
  for (const part of fields.querySelectorAll("[data-for]")) show(part, part.dataset.for === kind)
  const of = parameterKind(fields)
  for (const part of fields.querySelectorAll("[data-by]")) show(part, (part.dataset.by === "line") === BY_LINE.includes(of))
  fields.querySelector("[data-commas]").hidden = !APART_BY_COMMAS.includes(of)
  fields.querySelector("[data-lines]").hidden = APART_BY_COMMAS.includes(of)
  const models = fields.querySelector('[data-part="models"]')
  if (kind === "model" && !models.childElementCount) load(dialog, "models")
}

function show(part, is) {
  part.disabled = part.hidden = !is
}

function parameterKind(fields) {
  return fields.querySelector("[data-parameter-to-vary]").selectedOptions[0].dataset.kind
}

async function load(dialog, part, prompt = "") {
  const place = dialog.querySelector(`[data-part="${part}"]`)
  place.replaceChildren()
  if (part === "versions" && !prompt) return
  const page = await ask(dialog, new URLSearchParams({ part, prompt })).catch((error) => say(dialog, error.message))
  if (page) place.replaceChildren(...page.childNodes)
}

/** Throws in words for people. */
async function ask(dialog, query) {
  const page = await pageOrWords(`${dialog.dataset.url}?${query}`, {
    unreached: "There is no connection to the server. Close this and open it again.",
    refused: "The server could not say what there is to choose from.",
  })
  return page.body
}

function say(dialog, words) {
  dialog.querySelector("[data-dialog-error]").replaceChildren(...(words ? [refusal(words)] : []))
}

/** Groups without a model that is found are hidden with it. What is chosen stays chosen. */
function find(fields, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  for (const group of fields.querySelectorAll("[data-group]")) {
    const choices = [...group.querySelectorAll("[data-about]")]
    for (const choice of choices) choice.hidden = !words.every((word) => choice.dataset.about.includes(word))
    group.hidden = choices.every((choice) => choice.hidden)
  }
}

// How many there are

function count(fields) {
  const place = fields.querySelector("[data-count]")
  if (!place) return
  const values = valuesIn(fields)
  const named = values.length && values.every((value) => value) ? `: ${values.join(", ")}` : ""
  place.textContent = `${values.length} ${values.length === 1 ? "value" : "values"}${named}`
}

/** As words, or as nothing where they are too long to be listed. */
function valuesIn(fields) {
  const lines = fields.querySelector("[name=values]")
  if (!lines.matches(":disabled")) return linesIn(lines.value, APART_BY_COMMAS.includes(parameterKind(fields)))
  return [...fields.querySelectorAll("[name=value]:enabled, [data-part] :checked:enabled")].map(() => "")
}
