/* Where a key leads in a tree that is drawn from the top down. PURE. */

/** `children` by parent, `boxes` by id; null where the key leads nowhere. */
export function step(key, here, pieces, children, boxes) {
  const piece = pieces.get(here)
  if (key === "ArrowUp") return piece.parent
  if (key === "ArrowDown") return downwards(children.get(here))
  if (key === "ArrowLeft") return beside(here, boxes, -1)
  if (key === "ArrowRight") return beside(here, boxes, 1)
  if (key === "Home") return pieces.keys().next().value
  return key === "End" ? endOf(pieces) : null
}

const isShown = ({ node, folded }) => Boolean(node ? node.shown : folded[0].shown)

/** Along what the conversation shows, where that is one of them. */
function downwards(below = []) {
  return (below.find(isShown) ?? below[0])?.id ?? null
}

/** The next one in the same row, whosever child it is. */
function beside(here, boxes, by) {
  const { x, row } = boxes.get(here)
  let found = null
  for (const [id, box] of boxes) {
    const ahead = (box.x - x) * by
    if (box.row === row && ahead > 0 && (!found || ahead < found.ahead)) found = { id, ahead }
  }
  return found?.id ?? null
}

/** Where what is shown ends. */
function endOf(pieces) {
  const all = [...pieces.values()]
  return (all.findLast(isShown) ?? all.at(-1)).id
}
