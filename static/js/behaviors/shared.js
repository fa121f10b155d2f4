/* A shared page: its texts are drawn as those of a chat are, each as it comes near, for it may be a long page. */

import { colourCode } from "lib/colouring"
import { hear } from "lib/dom"
import { pressMessageButton } from "lib/message-buttons"
import { rendered } from "lib/rendered"

const NEAR = "1200px"

export function mountShared(page) {
  page.addEventListener("click", pressMessageButton)
  const near = new IntersectionObserver(draw, { rootMargin: NEAR })
  const texts = page.querySelectorAll(".share__text")
  for (const text of texts) near.observe(text)
  for (const code of page.querySelectorAll("code[data-language]")) colourCode(code)
  const panes = page.querySelector(".share__panes")
  panes?.addEventListener("scroll", () => markShown(page, panes), { passive: true })
  if (panes) markShown(page, panes)
  // What is printed is read to its end.
  hear(page, "beforeprint", () => texts.forEach((text) => rendered(text)), {}, window)
}

function draw(entries, observer) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue
    observer.unobserve(target)
    rendered(target)
  }
}

/** On a phone, where one pane is seen at a time. */
function markShown(page, panes) {
  const shown = Math.round(panes.scrollLeft / panes.clientWidth)
  page.querySelectorAll(".share__switch a").forEach((link, number) => {
    if (number === shown) link.setAttribute("aria-current", "true")
    else link.removeAttribute("aria-current")
  })
}
