/* Headings as they are heard: one level below the heading that they stand under, whichever level a model began with.
   What is seen follows the level that was written. */

const ABOVE = 2 // the message's own
const LOWEST = 6

/** Writes its level on each heading of these blocks. `open` are the levels, as written, of the headings above that
    what comes stands under; given back are those at the end. */
export function outline(blocks, open) {
  for (const token of blocks.flatMap(({ tokens }) => tokens).filter(isHeading)) {
    const written = writtenLevel(token)
    open = [...open.filter((level) => level < written), written]
    token.meta = { level: Math.min(ABOVE + open.length, LOWEST) }
  }
  return open
}

function isHeading({ type }) {
  return type === "heading_open"
}

function writtenLevel({ tag }) {
  return Number(tag[1])
}
