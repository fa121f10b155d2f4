/* On a narrow screen one pane is seen at a time: the switcher names them all, and tells how their last answers went. */

import { tell } from "lib/dom"
import { panesOf } from "lib/panes"

const TOLD = ["First token", "Speed", "Cost"]

/** Where it is shown: elsewhere it is not drawn, and nobody asks for the layout of sixteen panes. */
export const narrow = matchMedia("(width < 48rem)")

/** In place: who stands on a button stays there. */
export function drawSwitch(root) {
  if (!narrow.matches) return
  const place = root.querySelector("[data-switch]")
  const panes = panesOf(root)
  while (place.childElementCount > panes.length) place.lastElementChild.remove()
  while (place.childElementCount < panes.length) place.append(segment(root, place.childElementCount))
  panes.forEach((pane, number) => fill(place.children[number], pane))
  markShown(root)
}

/** The one that is seen. Only worth knowing where they do not all fit. */
export function markShown(root) {
  if (!narrow.matches) return
  const box = root.querySelector("[data-panes]")
  const middle = box.scrollLeft + box.clientWidth / 2
  const panes = panesOf(root)
  const shown = panes.findIndex((pane) => pane.offsetLeft + pane.offsetWidth > middle)
  root.querySelectorAll("[data-switch] button").forEach((button, number) => {
    if (number !== shown) return button.removeAttribute("aria-current")
    if (button.ariaCurrent !== "true") bringIn(button)
    button.setAttribute("aria-current", "true")
  })
}

/** Only along the line: what else scrolls stays where it is. */
function bringIn(button) {
  const box = button.closest(".panes__switch")
  const [{ left, right }, edge] = [button.getBoundingClientRect(), box.getBoundingClientRect()]
  box.scrollLeft += Math.min(0, left - edge.left) + Math.max(0, right - edge.right)
}

function segment(root, number) {
  const button = document.createElement("button")
  button.className = "segment"
  button.type = "button"
  const title = part("segment__name")
  title.append(part("visually-hidden", "Pane "), "")
  button.append(title, part("segment__facts small muted"))
  button.addEventListener("click", () => tell("pane-chosen", { pane: panesOf(root)[number] }))
  return button
}

function fill(button, pane) {
  const [title, facts] = button.children
  write(title.lastChild, `${pane.dataset.name.replace("Pane ", "")} ${modelOf(pane)}`)
  write(facts, figuresOf(pane))
}

const modelOf = (pane) => pane.querySelector('[data-field="model"]')?.value.split("/").at(-1) ?? pane.dataset.answer

function figuresOf(pane) {
  if (pane.querySelector('[data-status="running"]')) return "answering"
  const figures = [...pane.querySelectorAll(".pane__facts > div")].filter((row) => TOLD.includes(row.querySelector("dt").textContent))
  return figures.map((row) => row.querySelector("dd").firstChild.textContent.trim()).filter((text) => text !== "–").join(" · ")
}

function part(name, text = "") {
  const span = document.createElement("span")
  span.className = name
  span.textContent = text
  return span
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text
}
