/* Panes that scroll along: where one is scrolled to by hand, the linked ones go, measured from top to end. */

import { panesOf } from "lib/panes"

const HANDS = ["wheel", "touchmove", "pointerdown", "keydown"]

export function scrollTogether(root) {
  let driver = null // the pane under the reader's hands: what the others do follows from it, and leads nowhere
  for (const name of HANDS) root.addEventListener(name, ({ target }) => (driver = target.closest("[data-pane]")), { passive: true, capture: true })
  root.addEventListener("scroll", ({ target }) => {
    if (!target.matches?.(".pane__messages") || target.closest("[data-pane]") !== driver || !("scrollsAlong" in driver.dataset)) return
    const part = target.scrollTop / Math.max(1, target.scrollHeight - target.clientHeight)
    for (const pane of panesOf(root)) {
      if (pane === driver || !("scrollsAlong" in pane.dataset)) continue
      const box = pane.querySelector(".pane__messages")
      box.scrollTop = part * (box.scrollHeight - box.clientHeight)
    }
  }, { passive: true, capture: true })
}
