/* Which pane one looks at: one over all others, and keys from one to the next. */

import { tell } from "lib/dom"
import { panesOf } from "lib/panes"

export function toggleMaximised(root, pane) {
  const on = !("maximised" in pane.dataset)
  maximise(root, on ? pane : null)
  tell("announce", { words: on ? `${pane.dataset.name} maximised` : "All panes shown" })
}

/** `chosen` is null where all of them are shown. */
export function maximise(root, chosen) {
  boxOf(root).toggleAttribute("data-maximised", chosen !== null)
  for (const pane of panesOf(root)) {
    pane.toggleAttribute("data-maximised", pane === chosen)
    pane.querySelector("[data-maximise] span").textContent = pane === chosen ? "Show all panes" : "Maximise"
  }
}

export const boxOf = (root) => root.querySelector("[data-panes]")

/** The one that was maximised may be gone. */
export function showWhatIsLeft(root) {
  if (!boxOf(root).querySelector("[data-maximised]")) maximise(root, null)
}

/** Where one has all the room, that is the one. */
export function goTo(root, pane) {
  if ("maximised" in boxOf(root).dataset) maximise(root, pane)
  pane.focus({ preventScroll: true })
  pane.scrollIntoView({ inline: "nearest", block: "nearest" })
}

/** Alt and a figure goes to that pane, Alt and Page Up or Page Down to the one beside. */
export function goBetween(event, root) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return
  const panes = panesOf(root)
  const here = panes.indexOf(document.activeElement.closest?.("[data-pane]"))
  const beside = { PageDown: here + 1, PageUp: here < 0 ? panes.length - 1 : here - 1 }[event.key]
  const place = /^Digit[1-9]$/.test(event.code) ? Number(event.code.at(-1)) - 1 : beside
  const pane = panes[place]
  if (place === undefined || !pane) return
  event.preventDefault()
  goTo(root, pane)
}
