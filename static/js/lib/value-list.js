/* Values that somebody types: one a line, or each in a field of its own where a value may take several lines. */

const NOT_SET = "not set"

/** As the server reads them. `apart`: on one line they may stand apart by commas. */
export function linesIn(text, apart) {
  if (!text) return []
  return text.replace(/\n$/, "").split("\n").flatMap((line) => {
    const said = (apart ? line.split(",") : [line]).map((piece) => piece.trim()).filter(Boolean)
    return said.length ? said : [NOT_SET]
  })
}

/** One more field, below the last one of this part. */
export function addValue(part) {
  const values = part.querySelector("[data-values]")
  const added = values.lastElementChild.cloneNode(true)
  added.querySelector("textarea").value = ""
  values.append(added)
  number(values)
  added.querySelector("textarea").focus()
}

/** A sweep has two at least. */
export function removeValue(value) {
  const values = value.parentElement
  if (values.childElementCount > 2) value.remove()
  else value.querySelector("textarea").value = ""
  number(values)
}

function number(values) {
  for (const [place, value] of [...values.children].entries()) {
    const label = value.querySelector("[data-label]")
    label.textContent = `${label.dataset.label} ${place + 1}`
    value.querySelector("[data-remove-value]").ariaLabel = `Remove ${label.textContent.toLowerCase()}`
  }
}
