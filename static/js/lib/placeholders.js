/* `{{ name }}` in a text, as the server finds it (chat/placeholders.py), and fields for the values. */

const PLACEHOLDER = /(?<!\{)\{\{[ \t]*([\p{L}\p{Nl}\p{No}][\p{L}\p{N}_]{0,59})[ \t]*\}\}(?!\})/gu
const MOST_MARKED = 100_000 // characters: every letter typed draws the marks anew

export function namesIn(text) {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name]) => name))]
}

/** The text once more, below the field, for the marks. `isKnown(name)` tells what is a variable. */
export function mark(under, text, isKnown) {
  const drawn = text.length <= MOST_MARKED
  under.classList.toggle("marked__under--off", !drawn)
  const pieces = []
  let end = 0
  for (const match of drawn ? text.matchAll(PLACEHOLDER) : []) {
    const piece = document.createElement("mark")
    piece.textContent = match[0]
    piece.toggleAttribute("data-unknown", !isKnown(match[1]))
    pieces.push(text.slice(end, match.index), piece)
    end = match.index + match[0].length
  }
  // A line that is still empty has a height in the field, and none here.
  under.replaceChildren(...pieces, drawn ? `${text.slice(end)}\u200b` : "")
}

/** Whether each value can be sent; what is wrong stands beside its field. */
export function judgeValues(place) {
  return [...place.querySelectorAll("[data-value]")].filter((row) => !judge(row)).length === 0
}

export function judge(row) {
  const field = row.querySelector("[data-setting]")
  const words = wordsFor(row, field.value)
  field.setCustomValidity(words)
  field.setAttribute("aria-invalid", String(words !== ""))
  row.querySelector("[data-error]").textContent = words && `${row.dataset.value} ${words}.`
  return !words
}

function wordsFor({ dataset }, value) {
  if (!value.trim()) return "needed" in dataset ? "has no value" : ""
  return dataset.type === "number" && !isNumber(value) ? "must be a number" : ""
}

function isNumber(text) {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) && Number.isFinite(Number(text))
}
