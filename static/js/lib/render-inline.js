/* What stands within a paragraph, a heading or a cell: emphasis, code, links, images, formulas, text. */

import { element } from "lib/render-nodes"
import { image, linkTo, revealHost } from "lib/render-links"
import { formula } from "lib/render-math"

const DEEPEST = 60 // elements within one another; the browser's own limit is near 500
const PAIRS = { em_open: "em", strong_open: "strong", s_open: "s" }

export class TooDeep extends Error {}

/** Appends the nodes of these tokens to `parent`. Throws TooDeep. */
export function renderInline(tokens, parent, later) {
  const open = [parent]
  for (const token of tokens) {
    if (token.nesting === 1) open.push(enter(token, open.at(-1)))
    else if (token.nesting === -1) leave(open.pop())
    else open.at(-1).append(leaf(token, open, later))
    if (open.length > DEEPEST) throw new TooDeep()
  }
  parent.normalize()
}

function enter(token, parent) {
  const link = token.type === "link_open"
  const node = link ? linkTo(token.attrGet("href"), token.attrGet("title")) : element(PAIRS[token.type])
  return parent.appendChild(node)
}

function leave(node) {
  if (isLink(node)) revealHost(node)
}

function isLink(node) {
  return node.localName === "a"
}

function leaf(token, open, later) {
  switch (token.type) {
    case "code_inline":
      return element("code", {}, token.content)
    case "softbreak":
      return "\n"
    case "hardbreak":
      return element("br")
    case "math_inline":
      return formula(token.content, token.markup === "$$" || token.markup === "\\[", later, "span")
    case "image":
      return image(token.attrGet("src"), plainText(token.children), open.some(isLink))
    default:
      return token.content
  }
}

function plainText(tokens) {
  const leaves = tokens.filter((token) => token.nesting === 0)
  return leaves.map(({ children, content }) => (children ? plainText(children) : content || " ")).join("")
}
