/* What sending would take: of every pane that the composer feeds. */

import { estimate, inDollars, knownFrom, typedIn } from "lib/estimate"
import { fedOf, panesOf } from "lib/panes"

const MOST_NAMED = 4

export function showEstimate(root, field) {
  const place = root.querySelector("[data-estimate]")
  const [all, fed] = [panesOf(root), fedOf(root)]
  field.placeholder = placeholder(all, fed)
  const known = fed.filter(tallyOf) // Of blind ones nothing is known.
  const found = known.map((pane) => [pane, estimate(knownFrom(tallyOf(pane).dataset), typedIn(field.form))]).filter(([, each]) => each)
  const tokens = found.reduce((sum, [, each]) => sum + each.tokens, 0)
  const cost = found.reduce((sum, [, each]) => sum + each.cost, 0)
  const over = found.filter(([, each]) => each.tooMany).map(([pane]) => pane)
  const words = [`To ${fed.length} of ${all.length} panes`]
  if (tokens && field.value.trim()) words.push(`~${tokens.toLocaleString("en")} tokens in`)
  if (cost > 0 && field.value.trim()) words.push(`~${inDollars(cost)}`)
  if (over.length) words.push(`more than ${named(over)} can take`)
  place.classList.toggle("composer__estimate--over", over.length > 0)
  // Not anew with each key: that would lay out the page.
  if (words.join() !== [...place.children].map(({ textContent }) => textContent).join()) place.replaceChildren(...words.map(item))
}

function placeholder(all, fed) {
  if (!fed.length) return "No pane is linked: write in the panes"
  return fed.length === all.length ? "Write to all panes" : `Write to ${named(fed)}`
}

/** So many that nobody would read them are counted. */
function named(panes) {
  const numbers = panes.map((pane) => pane.dataset.name.replace("Pane ", ""))
  if (numbers.length > MOST_NAMED) return `${numbers.length} panes`
  return numbers.length === 1 ? `pane ${numbers[0]}` : `panes ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`
}

const tallyOf = (pane) => pane.querySelector("[data-tally]")

function item(text) {
  const element = document.createElement("li")
  element.textContent = text
  return element
}
