/* Formulas for markdown-it: $…$, \(…\), $$…$$ and \[…\] in a line, the last two as blocks too. */

const LONGEST_FORMULA = 20_000 // characters; more than that between two dollars is not a formula
const BLOCKS = { "$$": "$$", "\\[": "\\]" }

export function math(md) {
  md.inline.ruler.before("escape", "math", readInline)
  const alt = ["paragraph", "reference", "blockquote", "list"] // what a formula may break off
  md.block.ruler.before("fence", "math_block", readBlock, { alt })
}

/* In a line */

const closings = new WeakMap()

function readInline(state, silent) {
  const opening = openingAt(state.src, state.pos)
  if (!opening) return false
  const start = state.pos + opening.length
  const end = nextClosing(state, opening, start)
  if (end === undefined || end === start || end + opening.length > state.posMax) return false
  if (end - start > LONGEST_FORMULA || (opening === "$" && !closesFormula(state.src, end))) return false
  if (!silent) {
    const token = state.push("math_inline", "", 0)
    token.markup = opening
    token.content = state.src.slice(start, end)
  }
  state.pos = end + opening.length
  return true
}

function openingAt(text, at) {
  const two = text.slice(at, at + 2)
  if (two === "\\(" || two === "\\[") return two
  if (two === "$$") return text[at + 2] === "$" || text[at - 1] === "$" ? null : two
  if (two[0] !== "$" || !two[1] || /\s/.test(two[1])) return null
  return /[\p{L}\p{N}$]/u.test(text[at - 1] ?? " ") ? null : "$"
}

/** Where this formula ends. A paragraph is searched once, so that many dollars cost no more than few. */
function nextClosing(state, opening, start) {
  if (!closings.has(state)) closings.set(state, findClosings(state.src))
  const places = closings.get(state)[opening]
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (places[middle] < start) low = middle + 1
    else high = middle
  }
  return places[low]
}

function findClosings(text) {
  const found = { "$": [], "$$": [], "\\(": [], "\\[": [] }
  for (const { 0: mark, index } of text.matchAll(/\\[^]|\$+/g)) {
    if (mark === "\\)") found["\\("].push(index)
    else if (mark === "\\]") found["\\["].push(index)
    else if (mark === "$$") found["$$"].push(index)
    else if (mark === "$") found["$"].push(index)
  }
  return found
}

/** "$5 and $10" holds no formula: a dollar closes behind ink only, and not before a letter or a figure. */
function closesFormula(text, at) {
  return /\S/.test(text[at - 1] ?? " ") && !/[\p{L}\p{N}]/u.test(text[at + 1] ?? " ")
}

/* As a block. It takes every line to its closing mark or to an empty line, whichever is first: where it ends
   never depends on what comes later, and so an answer can be drawn while it is being written. */

function readBlock(state, startLine, endLine, silent) {
  if (state.sCount[startLine] - state.blkIndent >= 4) return false
  const first = lineOf(state, startLine)
  const close = BLOCKS[first.slice(0, 2)]
  if (!close || hasTextBehind(first.slice(2), close)) return false
  if (silent) return true
  const { nextLine, isClosed } = findEnd(state, startLine, endLine, close)
  const text = state.getLines(startLine, nextLine, state.blkIndent, false).trim()
  state.line = nextLine
  if (isClosed && text.length <= LONGEST_FORMULA) pushFormula(state, text.slice(2, -2), [startLine, nextLine])
  else pushParagraph(state, text, [startLine, nextLine])
  return true
}

function lineOf(state, line) {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]).trimEnd()
}

function hasTextBehind(rest, close) {
  const at = rest.indexOf(close)
  return at !== -1 && at + close.length < rest.length
}

function findEnd(state, startLine, endLine, close) {
  let line = startLine
  let rest = lineOf(state, line).slice(2)
  while (!rest.endsWith(close)) {
    line += 1
    if (line >= endLine || state.isEmpty(line) || state.sCount[line] < state.blkIndent) {
      return { nextLine: line, isClosed: false }
    }
    rest = lineOf(state, line)
  }
  return { nextLine: line + 1, isClosed: true }
}

function pushFormula(state, content, map) {
  const token = state.push("math_block", "", 0)
  token.content = content
  token.map = map
}

function pushParagraph(state, content, map) {
  state.push("paragraph_open", "p", 1).map = map
  const inline = state.push("inline", "", 0)
  inline.content = content
  inline.map = map
  inline.children = []
  state.push("paragraph_close", "p", -1)
}
