/* One line of JSON in, one out: { nodes, open } gives what is drawn of them and where. */

import { createInterface } from "node:readline"
import { fold } from "../../static/js/lib/tree-fold.js"
import { layout } from "../../static/js/lib/tree-layout.js"
import { step } from "../../static/js/lib/tree-steps.js"
import { childrenOf } from "../../static/js/lib/tree-fold.js"

const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"]

for await (const line of createInterface({ input: process.stdin })) {
  const { nodes, open, walked } = JSON.parse(line)
  const pieces = open ? fold(nodes, new Set(open)) : nodes
  const places = layout(pieces)
  const steps = walked ? walk(pieces, places) : []
  console.log(JSON.stringify({ pieces: pieces.map(({ id, parent, folded }) => ({ id, parent, folded: folded?.map((node) => node.id) ?? null })), places: [...places], steps }))
}

function walk(pieces, places) {
  const byId = new Map(pieces.map((piece) => [piece.id, piece]))
  const children = childrenOf(pieces)
  return pieces.map(({ id }) => [id, Object.fromEntries(KEYS.map((key) => [key, step(key, id, byId, children, places)]))])
}
