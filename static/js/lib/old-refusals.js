/* A refusal beneath the panes goes once it is no longer true. Not at once: it may have come a moment before, and
   nobody would have read it. */

import { hear } from "lib/dom"
import { threads } from "lib/thread"

const READ_MS = 3000

export function dropOldRefusals(place) {
  const drop = (about, holds) => dropLater(place, about, holds)
  hear(place, "answer-ended", () => drop(/still answering/, stillAnswers))
  hear(place, "panes-arranged", () => {
    drop(/still answering/, stillAnswers)
    drop(/has at least \d+ panes/, (words) => threads().length <= numberIn(words))
    drop(/has at most \d+ panes/, (words) => threads().length >= numberIn(words))
  })
  hear(place, "model-chosen", ({ detail }) => drop(/Choose a model/i, (words) => namedIn(words) !== detail.thread))
}

function dropLater(place, about, holds) {
  const refusal = place.querySelector(".refusal")
  const words = refusal?.textContent ?? ""
  if (about.test(words) && !holds(words)) setTimeout(() => holds(words) || refusal.remove(), READ_MS)
}

/** The pane that it names, else any. */
function stillAnswers(words) {
  const named = namedIn(words)
  return (named ? [named] : threads()).some((thread) => thread.querySelector('article[data-status="running"]'))
}

function namedIn(words) {
  return /^\s*Pane \d/.test(words) ? threads()[numberIn(words) - 1] : null
}

const numberIn = (words) => Number(words.match(/\d+/)[0])
