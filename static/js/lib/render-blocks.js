/* Blocks of Markdown as elements, one for each. The tags and attributes made here, in render-inline,
   render-links and render-code are all that there are. */

import { element } from "lib/render-nodes"
import { codeBlock } from "lib/render-code"
import { formula } from "lib/render-math"
import { renderInline, TooDeep } from "lib/render-inline"

const TAGS = {
  paragraph_open: "p",
  blockquote_open: "blockquote",
  bullet_list_open: "ul",
  ordered_list_open: "ol",
  list_item_open: "li",
  thead_open: "thead",
  tbody_open: "tbody",
  tr_open: "tr",
}
const HEADINGS = { h1: "h3", h2: "h4", h3: "h5", h4: "h6", h5: "h6", h6: "h6" } // below the message's own, h2
// A group: a chat may have a hundred tables, and none of them is a landmark.
const SCROLLED = { class: "prose__table", tabindex: "0", role: "group", "aria-label": "Table" }
const ALIGNMENTS = { "text-align:right": "number", "text-align:center": "centred" }
const TASK = /^\[([ xX])\](?=\s)/
const LONGEST_LABEL = 80

/** The element of a block. What waits for KaTeX or highlight.js is added to `later`. */
export function renderBlock({ tokens, source, tooDeep, growing }, later) {
  if (tooDeep) return plainBlock(source)
  const mine = []
  try {
    const node = build(tokens, growing, mine)
    for (const work of mine) later.push(work)
    return node
  } catch (error) {
    if (!(error instanceof TooDeep)) reportError(error)
    return plainBlock(source)
  }
}

function plainBlock(source) {
  const words = element("p", {}, "Too deep to format; shown as plain text")
  return element("div", { class: "prose__plain" }, words, element("pre", { tabindex: "0" }, source))
}

function build(tokens, isGrowing, later) {
  const growing = isGrowing ? tokens.findLast((token) => token.nesting === 0) : null
  const root = document.createDocumentFragment()
  const open = [root]
  for (const token of tokens) {
    if (token.nesting === -1) leave(open.pop())
    else if (token.nesting === 1) open.push(enter(token, open.at(-1)))
    else if (token.type === "inline") fill(open, token, later)
    else if (!token.hidden) open.at(-1).append(leaf(token, growing, later))
  }
  return root.firstChild
}

/** The element that what follows goes into. A paragraph of a tight list is none of its own. */
function enter(token, parent) {
  if (token.hidden) return parent
  if (token.type === "table_open") return openTable(parent)
  return parent.appendChild(blockElement(token))
}

function leave(node) {
  if (node.localName === "thead") nameTable(node)
}

function blockElement(token) {
  if (token.type === "heading_open") return heading(token)
  if (token.type === "ordered_list_open") return element("ol", { start: token.attrGet("start") })
  if (token.type === "th_open") return element("th", { scope: "col", class: alignment(token) })
  if (token.type === "td_open") return element("td", { class: alignment(token) })
  return element(TAGS[token.type])
}

function heading({ tag, meta }) {
  const node = HEADINGS[tag]
  return element(node, { "aria-level": node === `h${meta.level}` ? null : meta.level })
}

function alignment(token) {
  return ALIGNMENTS[token.attrGet("style")] ?? null
}

function openTable(parent) {
  const table = element("table")
  parent.append(element("div", SCROLLED, table))
  return table
}

/** By what stands over its columns: many an answer has several. */
function nameTable(head) {
  const columns = [...head.querySelectorAll("th")].map((cell) => cell.textContent.trim()).filter(Boolean)
  const name = columns.length ? `Table: ${columns.join(", ")}` : "Table"
  head.closest(".prose__table").setAttribute("aria-label", name.slice(0, LONGEST_LABEL))
}

function fill(open, token, later) {
  const item = open.findLast((node) => node.localName !== "p")
  const parent = open.at(-1)
  const box = isFirstOfItem(item, parent) ? openTask(item, parent, token.children[0]) : null
  renderInline(token.children, parent, later)
  box?.setAttribute("aria-label", parent.textContent.trim().slice(0, LONGEST_LABEL) || "Task")
}

function isFirstOfItem(item, parent) {
  if (item.localName !== "li") return false
  return parent === item ? !item.hasChildNodes() : item.firstChild === parent
}

/** "[x] words" at the head of an item is a box; it is named by the words. */
function openTask(item, parent, text) {
  const mark = text?.type === "text" && TASK.exec(text.content)
  if (!mark) return null
  text.content = text.content.slice(mark[0].length)
  item.className = "task"
  const checked = mark[1] === " " ? null : ""
  return parent.appendChild(element("input", { type: "checkbox", disabled: "", checked }))
}

function leaf(token, growing, later) {
  if (token.type === "hr") return element("hr")
  if (token.type === "math_block") return formula(token.content.trim(), true, later)
  return codeBlock(token.content.replace(/\n$/, ""), token.info, token === growing, later)
}
