/* What of Markdown is understood, and the blocks that a text consists of. markdown-it only parses here:
   what it finds is drawn by render-blocks. */

import MarkdownIt from "vendor/markdown-it"
import { isSafeAddress } from "lib/render-links"
import { math } from "lib/markdown-math"

const DEEPEST = 40 // levels of quotes and lists; what is deeper is shown as plain text

const md = new MarkdownIt("commonmark", { html: false, maxNesting: 2 * DEEPEST })
md.enable(["table", "strikethrough"]).use(math)
md.validateLink = isSafeAddress
md.normalizeLinkText = (address) => address
md.block.ruler.before("table", "depth", noticeDepth, { alt: [] })

/**
 * The top-level blocks of a text. Each has its tokens and source, where it ends in the text, and is `tooDeep` to
 * be drawn, `settling` (its first two lines are whole: nothing that comes can change what is before it), or
 * `growing` (a fence without an end yet). Definitions of links are read from `references` and added to it.
 */
export function parseBlocks(text, references) {
  const env = { references, deepLines: [] }
  const blocks = []
  for (const token of md.parse(text, env)) {
    if (token.level === 0 && token.nesting >= 0) blocks.push({ map: token.map, tokens: [] })
    blocks.at(-1).tokens.push(token)
  }
  return describe(blocks, text, env.deepLines)
}

/** A text as it is counted in lines: one kind of line end, and no NUL. */
export function normalize(text) {
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD")
}

function describe(blocks, text, deepLines) {
  const starts = lineStarts(text)
  let deep = 0
  return blocks.map(({ map: [from, to], tokens }) => {
    while (deepLines[deep] < from) deep += 1
    const [start, end] = [starts[from], starts[to] ?? text.length]
    return {
      tokens,
      end,
      source: text.slice(start, end),
      tooDeep: deepLines[deep] < to,
      settling: from + 2 < starts.length,
      growing: end === text.length && isOpenFence(tokens),
    }
  })
}

function lineStarts(text) {
  const starts = [0]
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return starts
}

/** An open fence has as many lines of content as it has lines below its first one. */
function isOpenFence(tokens) {
  const last = tokens.findLast((token) => token.nesting === 0)
  if (last?.type !== "fence") return false
  const lines = last.content.split("\n").length - (last.content.endsWith("\n") || !last.content ? 1 : 0)
  return lines === last.map[1] - last.map[0] - 1
}

/** Matches nothing. markdown-it leaves out what is nested deeper than it may be, and would not tell. */
function noticeDepth(state, line) {
  if (state.level >= DEEPEST) state.env.deepLines.push(line)
  return false
}
