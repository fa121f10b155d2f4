/* The text of a message, formatted: one path for an answer being written and for one from the database. */

import { book, unbook } from "lib/render-schedule"
import { GrowingFence } from "lib/markdown-fence"
import { normalize, parseBlocks } from "lib/markdown-parser"
import { patchChildren } from "lib/render-patch"
import { renderBlock } from "lib/render-blocks"
import { outline } from "lib/render-outline"
import { createCaret, placeCaret } from "lib/render-caret"
import { whenIdle } from "lib/render-idle"

const DRESSING_MS = 8
const MANY_BLOCKS = 500

/**
 * Draws into an element, whose children it takes over. Blocks that nothing can change any more are settled: they
 * are never read or touched again. What is behind them, the tail, is read and drawn anew with each frame.
 */
export class MarkdownView {
  #element
  #isLive
  #text = ""
  #carry = "" // a carriage return whose line feed may be still to come
  #tail = ""
  #fresh = "" // what the tail got since the last drawing
  #first = null // the first node of the tail
  #fence = null
  #references = Object.create(null) // definitions of links in what is settled
  #hasDefinitions = false
  #headings = [] // those of what is settled that the tail stands under
  #caret = createCaret()
  #draw = () => this.#drawTail()

  constructor(element, { live = false } = {}) {
    this.#element = element
    this.#isLive = live
    element.toggleAttribute("data-live", live)
    this.#first = element.firstChild
    if (live) placeCaret(this.#caret, element)
  }

  /** The exact text, as the model wrote it. */
  get text() {
    return this.#text
  }

  /** New text at the end. */
  append(text) {
    this.#take(text)
    book(this.#draw, this.#isLive ? this.#element : null)
  }

  /** Another text, in place of all that there is. */
  replace(text) {
    this.#text = ""
    this.#carry = ""
    this.#restart()
    this.append(text)
  }

  /** It is written on. */
  reopen() {
    this.#isLive = true
    this.#element.toggleAttribute("data-live", true)
    placeCaret(this.#caret, this.#element)
  }

  /** The end: draws what is left at once. */
  finish() {
    unbook(this.#draw, this.#element)
    this.#isLive = false
    this.#element.removeAttribute("data-live")
    if (this.#hasDefinitions) this.#startOver()
    this.#drawTail({ isFinal: true })
  }

  #take(text) {
    this.#text += text
    const whole = this.#carry + text
    this.#carry = whole.endsWith("\r") ? "\r" : ""
    const added = normalize(this.#carry ? whole.slice(0, -1) : whole)
    this.#tail += added
    this.#fresh += added
  }

  /** Nothing is settled any more. The nodes stay until others take their place. */
  #restart() {
    this.#caret.remove()
    this.#tail = this.#fresh = ""
    this.#fence = null
    this.#references = Object.create(null)
    this.#hasDefinitions = false
    this.#headings = []
    this.#first = this.#element.firstChild
  }

  /** A definition may stand behind the links that it is for, in blocks that are settled. */
  #startOver() {
    const text = this.#text
    this.replace(text)
    unbook(this.#draw)
  }

  #drawTail({ isFinal = false } = {}) {
    const fresh = this.#fresh
    this.#fresh = ""
    if (!isFinal && this.#fence?.write(fresh)) return
    this.#caret.remove()
    const references = Object.create(this.#references)
    const blocks = this.#parse(references)
    const nodes = this.#place(blocks, isFinal)
    this.#settle(blocks, nodes, references)
    this.#fence = isFinal || !blocks.length ? null : GrowingFence.of(blocks.at(-1), nodes.at(-1))
    if (this.#isLive) placeCaret(this.#caret, this.#element)
  }

  #parse(references) {
    const blocks = parseBlocks(this.#tail, references)
    this.#hasDefinitions ||= Object.keys(references).length > 0
    return blocks
  }

  #place(blocks, isFinal) {
    const later = []
    outline(blocks, this.#headings)
    const nodes = blocks.map((block) => renderBlock(isFinal ? { ...block, growing: false } : block, later))
    const placed = patchChildren(this.#element, nodes, this.#first)
    this.#element.toggleAttribute("data-long", this.#element.childElementCount > MANY_BLOCKS)
    this.#first = placed[0] ?? null
    this.#dress(later.filter(({ node }) => this.#element.contains(node)))
    return placed
  }

  /** At once, so that nothing flickers, as far as that takes no time to speak of. */
  #dress(works) {
    const until = performance.now() + DRESSING_MS
    for (const { dress } of works) {
      if (performance.now() < until) dress()
      else whenIdle(dress)
    }
  }

  #settle(blocks, nodes, references) {
    const keep = blocks.findLastIndex((block) => block.settling)
    if (keep < 1) return
    const end = blocks[keep - 1].end
    this.#headings = outline(blocks.slice(0, keep), this.#headings)
    if (Object.keys(references).length) parseBlocks(this.#tail.slice(0, end), this.#references)
    this.#tail = this.#tail.slice(end)
    this.#first = nodes[keep]
  }
}
