/* Where the pieces of a tree stand: each row below the one above it, parents over the middle of their children, nothing
   over anything else, and siblings in their order. PURE, and without recursion: a chain of thousands is no deeper
   than its array.

   The outline of a subtree is kept by row, the lowest row first, so that a parent is one more at the end. Of two
   subtrees side by side only the rows that both have are looked at: all in all as many as there are pieces. */

/** `items`: { id, parent }, parents before their children. Gives a map of { x, row }, with x of the middle, from 0. */
export function layout(items, { apart = 1 } = {}) {
  const tree = new Map([[null, piece(null)]])
  for (const { id, parent } of items) {
    const made = piece(id)
    tree.set(id, made)
    made.parent = tree.get(parent) ?? tree.get(null)
    made.parent.children.push(made)
  }
  const order = [...tree.values()]
  for (const made of order.toReversed()) place(made, apart)
  return standing(order)
}

const piece = (id) => ({ id, parent: null, children: [], shift: 0, outline: null })

/** Its children side by side, and itself over their middle. */
function place(made, apart) {
  if (!made.children.length) {
    made.outline = { rows: [[0, 0]], shift: 0 }
    return
  }
  let outline = null
  for (const child of made.children) {
    child.shift = outline ? distance(outline, child.outline, apart) : 0
    outline = outline ? beside(outline, child.outline, child.shift) : child.outline
    child.outline = null
  }
  const middle = (made.children[0].shift + made.children.at(-1).shift) / 2
  for (const child of made.children) child.shift -= middle
  outline.shift -= middle
  outline.rows.push([-outline.shift, -outline.shift])
  made.outline = outline
}

/** How far to the right the second has to stand so that no row of it touches the first. */
function distance(left, right, apart) {
  let needed = -Infinity
  for (const [one, other] of rowsOfBoth(left, right)) needed = Math.max(needed, one[1] + left.shift - other[0] - right.shift + apart)
  return needed
}

/** Both as one, kept in the rows of the deeper one. */
function beside(left, right, by) {
  const rows = [...rowsOfBoth(left, right)]
  if (left.rows.length >= right.rows.length) {
    for (const [one, other] of rows) one[1] = other[1] + right.shift + by - left.shift
    return left
  }
  right.shift += by
  for (const [one, other] of rows) other[0] = one[0] + left.shift - right.shift
  return right
}

function* rowsOfBoth({ rows: one }, { rows: other }) {
  const both = Math.min(one.length, other.length)
  for (let up = 1; up <= both; up += 1) yield [one.at(-up), other.at(-up)]
}

/** From distances to places, the leftmost at 0. */
function standing(order) {
  const places = new Map()
  let leftmost = Infinity
  for (const { id, parent, shift } of order) {
    if (!parent) continue
    const above = places.get(parent.id) ?? { x: 0, row: -1 }
    places.set(id, { x: above.x + shift, row: above.row + 1 })
    leftmost = Math.min(leftmost, above.x + shift)
  }
  for (const place of places.values()) place.x -= leftmost
  return places
}
