/* The one place that speaks to a screen reader. It stands outside of all that is swapped, so that nothing is missed. */

import { hear } from "lib/dom"

const PAUSE_MS = 100

export function mountAnnouncer(place) {
  let saying
  hear(place, "announce", ({ detail }) => {
    // Emptied first: the same words twice are two announcements.
    clearTimeout(saying)
    place.textContent = ""
    saying = setTimeout(() => (place.textContent = detail.words), PAUSE_MS)
  })
}
