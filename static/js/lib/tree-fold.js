/* What of a tree is drawn: long straight runs are folded into one piece, which opens. PURE: no page, no recursion. */

const SHORTEST_RUN = 4

/**
 * `nodes`: { id, parent, … }, siblings in their order; `open`: the first ids of runs that are unfolded.
 * Gives pieces, parents before their children: { id, parent, node, run } for a message, where `run` is the first id of
 * the unfolded run that it is of, and { id, parent, folded } for a folded one, with the messages in it.
 */
export function fold(nodes, open = new Set()) {
  const children = childrenOf(nodes)
  const pieces = []
  const below = (id, piece, model) => (children.get(id) ?? []).toReversed().map((node) => ({ node, parent: piece, model }))
  const waiting = below(null, null, "")
  while (waiting.length) {
    const next = waiting.pop()
    const run = straightFrom(next, children)
    const isRun = run.length >= SHORTEST_RUN
    const isFolded = isRun && !open.has(next.node.id)
    const passed = isRun ? run : [next.node]
    if (isFolded) pieces.push({ id: `fold-${next.node.id}`, parent: next.parent, folded: run })
    else pieces.push(...passed.map((node, place) => ({ id: node.id, parent: place ? passed[place - 1].id : next.parent, node, run: isRun ? next.node.id : null })))
    const model = passed.findLast((node) => node.model)?.model ?? next.model
    waiting.push(...below(passed.at(-1).id, pieces.at(-1).id, model))
  }
  return pieces
}

/** By parent, `null` for the first ones. What hangs on nothing that is there is a first one too. */
export function childrenOf(nodes) {
  const there = new Set(nodes.map(({ id }) => id))
  const children = new Map()
  for (const node of nodes) {
    const parent = there.has(node.parent) ? node.parent : null
    if (!children.has(parent)) children.set(parent, [])
    children.get(parent).push(node)
  }
  return children
}

/** This one and what follows, as long as nothing about them has to be seen. */
function straightFrom({ node, model }, children) {
  const run = []
  let here = node
  while (here && isPlain(here, children) && !(model && here.model && here.model !== model)) {
    run.push(here)
    here = children.get(here.id)[0]
  }
  return run
}

/** In the middle of a straight line, and nothing to say of it. */
function isPlain(node, children) {
  const only = children.get(node.id)
  const told = node.starred || node.muted || node.edited || node.status
  return !told && node.parent !== null && only?.length === 1 && children.get(node.parent)?.length === 1 && only[0].shown === node.shown
}
