/* `[` and `]`: to the alternative before and after, of the message that one stands on, or else of the last one in view. */

import { hear } from "lib/dom"
import { isTyping } from "lib/typing"

const LABELS = { "[": "Previous alternative", "]": "Next alternative" }

/** For as long as `element` is in the page. */
export function mountAlternativeKeys(element) {
  let awaited = null
  hear(element, "keydown", (event) => {
    const isOtherKey = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph")
    if (!LABELS[event.key] || isOtherKey || isTyping(event)) return
    const button = buttonFor(LABELS[event.key])
    if (!button) return
    event.preventDefault()
    awaited = button.getAttribute("hx-post").match(/[0-9a-f-]{36}/)[0]
    button.click()
  })
  // What one stood on is gone from the page. One goes on from what took its place.
  hear(element, "htmx:after:swap", () => {
    const article = awaited && document.getElementById(`message-${awaited}`)
    if (!article) return
    awaited = null
    article.tabIndex = -1
    article.focus({ preventScroll: true })
    article.scrollIntoView({ block: "nearest" })
  })
}

function buttonFor(label) {
  const here = document.activeElement?.closest("article[data-message]")
  const articles = here ? [here] : [...document.querySelectorAll("article[data-message]")].filter(isInView)
  return articles.findLast((article) => article.querySelector(".alternatives"))?.querySelector(`[aria-label="${label}"]:enabled`)
}

function isInView(article) {
  const { top, bottom } = article.getBoundingClientRect()
  return bottom > 0 && top < innerHeight
}
