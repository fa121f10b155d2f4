/* A tree as SVG: a piece for each message or folded run, and lines between them with what was set. All words are text. */

import { linesOf } from "lib/tree-text"

export const PIECE = { width: 212, height: 70 }
const GAP = { x: 20, y: 68 }
const TURN = 8 // how round the corners of the lines are
const FOLDED = 30 // the height of a folded run
const PADDING = 12
const LABEL = { line: 15, padding: 5 }
const SVG = "http://www.w3.org/2000/svg"
const LEFT_OF = { running: "running", failed: "failed", interrupted: "interrupted", stopped: "stopped" }
const MARKS = [
  ["starred", "star", "starred"],
  ["muted", "eye-off", "not sent"],
  ["edited", "edit", "edited"],
]

/** Where each piece stands in the drawing, and how large that is. */
export function measured(pieces, places) {
  const boxes = new Map()
  const [wide, high] = [PIECE.width + GAP.x, PIECE.height + GAP.y]
  let [width, height] = [0, 0]
  for (const { id, folded } of pieces) {
    const { x, row } = places.get(id)
    const box = { row, x: x * wide, y: row * high, width: PIECE.width, height: folded ? FOLDED : PIECE.height }
    if (folded) box.y += (PIECE.height - FOLDED) / 2
    boxes.set(id, box)
    width = Math.max(width, box.x + box.width)
    height = Math.max(height, row * high + PIECE.height)
  }
  return { boxes, width, height }
}

export function drawLine(piece, { boxes }) {
  if (!piece.parent) return null
  const [from, to] = [boxes.get(piece.parent), boxes.get(piece.id)]
  return element("path", { class: isShown(piece) ? "tree__line tree__line--shown" : "tree__line", d: way(from, to) })
}

/** Down, along under the parent, and down again: words stand on the straight part. */
function way(from, to) {
  const [startX, startY, endX, endY] = [middleOf(from), from.y + from.height, middleOf(to), to.y]
  const aside = endX - startX
  if (Math.abs(aside) < 1) return `M${startX} ${startY}V${endY}`
  const [round, along] = [Math.min(TURN, Math.abs(aside) / 2), startY + 2 * TURN]
  const by = Math.sign(aside) * round
  return `M${startX} ${startY}V${along - round}q0 ${round} ${by} ${round}H${endX - by}q${by} 0 ${by} ${round}V${endY}`
}

export function isShown({ node, folded }) {
  return Boolean(node ? node.shown : folded[0].shown)
}

const middleOf = ({ x, width }) => x + width / 2

/** The model, and below it what was set otherwise; `changes` is null as long as that is not known. */
export function drawLabel(piece, { boxes }, changes, font) {
  const { node } = piece
  if (!node?.model || !piece.parent) return null
  const box = boxes.get(piece.id)
  const room = PIECE.width - 2 * LABEL.padding
  const otherwise = (changes ?? []).filter(({ label }) => label !== "Model").map(inWords).join(", ")
  const switched = (changes ?? []).some(({ label }) => label === "Model")
  const rows = [...linesOf(node.model, `11px ${font.mono}`, room, 1).map((text) => ({ text, name: switched ? "changed" : "model" }))]
  rows.push(...linesOf(otherwise, `11px ${font.text}`, room, 1).map((text) => ({ text, name: "changed" })))
  const height = rows.length * LABEL.line + 4
  const group = element("g", { class: "tree__label", transform: `translate(${middleOf(box)} ${box.y - height - 6})` })
  const words = rows.map(({ text, name }, row) => label(text, name, row))
  const width = Math.min(PIECE.width, 2 * LABEL.padding + Math.max(...rows.map(({ text }) => text.length * 6.4)))
  group.append(element("rect", { class: "tree__ground", x: -width / 2, y: 0, width, height, rx: 4 }), ...words)
  return group
}

export const inWords = ({ label, was, become }) => `${label} ${was === "not set" ? become : `${was} → ${become}`}`

function label(text, name, row) {
  const words = element("text", { class: `tree__${name}`, "text-anchor": "middle", y: (row + 1) * LABEL.line - 2 })
  words.textContent = text
  return words
}

/** By id, what is drawn of it. */
export function drawAll(pieces, children, size, font) {
  const families = new Map()
  for (const siblings of children.values()) {
    for (const [number, { id }] of siblings.entries()) families.set(id, { level: size.boxes.get(id).row + 1, place: number + 1, count: siblings.length })
  }
  return new Map(pieces.map((piece) => [piece.id, drawPiece(piece, size, families.get(piece.id), font)]))
}

/** `family`: { level, place, count } as a screen reader tells them. */
function drawPiece(piece, { boxes }, family, font) {
  const { x, y } = boxes.get(piece.id)
  const group = element("g", {
    class: classOf(piece),
    role: "treeitem",
    tabindex: -1,
    transform: `translate(${x} ${y})`,
    "aria-level": family.level,
    "aria-posinset": family.place,
    "aria-setsize": family.count,
    "aria-label": spoken(piece, family),
    "data-piece": piece.id,
  })
  if (piece.folded) group.setAttribute("aria-expanded", "false")
  group.append(...(piece.folded ? drawFolded(piece) : drawMessage(piece.node, font)))
  return group
}

function classOf({ node, folded }) {
  const names = ["tree__piece", folded ? "tree__piece--folded" : `tree__piece--${node.role}`]
  if (isShown({ node, folded })) names.push("tree__piece--shown")
  if (node?.muted) names.push("tree__piece--muted")
  return names.join(" ")
}

function spoken({ node, folded }, { place, count }) {
  if (folded) return `${folded.length} messages in a row, folded`
  const where = count > 1 ? `, alternative ${place} of ${count}` : ""
  const told = marksOf(node).map(([, , words]) => words)
  if (node.shown) told.push("shown")
  return `${roleOf(node)}: ${node.words || sayingNothing(node)}${where}${told.length ? ` (${told.join(", ")})` : ""}`
}

export const roleOf = (node) => (node.continues ? `${node.role}, continued` : node.role)

export const sayingNothing = (node) => (node.tool ? `calls ${node.tool}` : "no text")

export function marksOf(node) {
  const marks = MARKS.filter(([flag]) => node[flag])
  const icon = { running: "play", failed: "error", interrupted: "warning", stopped: "stop" }[node.status]
  return icon ? [...marks, [node.status, icon, LEFT_OF[node.status]]] : marks
}

function drawMessage(node, font) {
  const box = element("rect", { class: "tree__box", width: PIECE.width, height: PIECE.height, rx: 8 })
  const role = element("text", { class: "tree__role", x: PADDING, y: 20 })
  role.textContent = `${roleOf(node)} ` // Read as a text, words stand apart.
  const marks = marksOf(node).map(([name, icon], place) => drawMark(name, icon, PIECE.width - PADDING - 14 - place * 18))
  const said = node.words || sayingNothing(node)
  const lines = linesOf(said, `12.5px ${font.text}`, PIECE.width - 2 * PADDING, 2).map((text, row) => {
    const line = element("text", { class: node.words ? "tree__words" : "tree__words tree__words--none", x: PADDING, y: 39 + row * 17 })
    line.textContent = `${text} `
    return line
  })
  return [box, role, ...marks, ...lines]
}

function drawMark(name, icon, x) {
  const mark = element("svg", { class: `icon tree__mark tree__mark--${name}`, x, y: 9, width: 14, height: 14 })
  mark.append(element("use", { href: `#icon-${icon}` }))
  return mark
}

function drawFolded({ folded }) {
  const box = element("rect", { class: "tree__box", width: PIECE.width, height: FOLDED, rx: FOLDED / 2 })
  const words = element("text", { class: "tree__count", "text-anchor": "middle", x: PIECE.width / 2, y: 20 })
  words.textContent = `${folded.length.toLocaleString("en")} messages in a row`
  return [box, words]
}

export function element(name, attributes = {}) {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}
