/* The one place that speaks to a screen reader. It stands outside of all that is swapped, so that nothing is missed. */

import { hear } from "lib/dom"

const PAUSE_MS = 100

export function mountAnnouncer(place) {
  const waiting = new Map() // conversation -> words: of each the newest, and nothing of another is lost
  let saying
  const say = () => {
    place.textContent = [...waiting.values()].reduce((said, words) => `${said}${/[.!?]$/.test(said) ? "" : "."} ${words}`)
    waiting.clear()
  }
  hear(place, "announce", ({ detail: { words, conversation } }) => {
    // Emptied first: the same words twice are two announcements.
    clearTimeout(saying)
    place.textContent = ""
    waiting.set(conversation, words)
    saying = setTimeout(say, PAUSE_MS)
  })
}
