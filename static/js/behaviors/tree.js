/* The tree of a conversation: drawn, walked by keys, starred, compared, jumped from. */

import { formToken } from "lib/dom"
import { isDone, responseFrom } from "lib/fetched"
import { newId } from "lib/ids"
import { toast } from "lib/toasts"
import { About } from "lib/tree-about"
import { drawAll, drawLabel, drawLine, element, isShown, measured } from "lib/tree-draw"
import { childrenOf, fold } from "lib/tree-fold"
import { layout } from "lib/tree-layout"
import { step } from "lib/tree-steps"
import { View } from "lib/tree-view"

const ASKED_FOR_AT_ONCE = 60
const READABLE = 0.7
const UNREACHED = "There is no connection to the server. Try again."

export function mountTree(root) {
  new Tree(root).begin()
}

function markPiece(drawn, isMarked) {
  drawn?.classList.toggle("tree__piece--marked", isMarked)
  drawn?.setAttribute("aria-selected", String(isMarked))
}

class Tree {
  #open = new Set()
  #marked = []
  #changes = new Map() // of a message: what was set otherwise, or null while that is on its way
  #here = null

  constructor(root) {
    this.root = root
    const data = JSON.parse(root.querySelector("script[type='application/json']").textContent)
    this.conversation = data.conversation
    this.nodes = new Map(data.nodes.map((node) => [node.id, node]))
    this.frame = root.querySelector("[data-frame]")
    this.svg = root.querySelector("[role=tree]")
    this.drawing = element("g", { role: "none" })
    this.svg.append(this.drawing)
    this.view = new View(this.frame, this.svg)
    this.about = new About(root, this.conversation)
    const style = getComputedStyle(root)
    this.font = { text: style.fontFamily, mono: style.getPropertyValue("--font-mono") }
  }

  begin() {
    this.view.onchange = () => (this.root.querySelector("[data-scale]").textContent = `${Math.round(this.view.scale * 100)} %`)
    this.svg.addEventListener("keydown", (event) => this.#key(event))
    this.svg.addEventListener("click", ({ target }) => this.#press(target.closest("[data-piece]")?.dataset.piece))
    this.svg.addEventListener("dblclick", () => this.#here && this.#enter(this.#here))
    this.svg.addEventListener("focusin", ({ target }) => this.#goTo(target.closest("[data-piece]")?.dataset.piece))
    this.root.addEventListener("click", ({ target }) => this.#act(target.closest("[data-act]")?.dataset.act))
    this.#draw()
    if (this.pieces.size) this.#beginAt(this.root.dataset.at)
  }

  /** The message that was asked for, or the end of what is shown; all around it, if that can be read. */
  #beginAt(asked) {
    const run = [...this.pieces.values()].find(({ folded }) => folded?.some(({ id }) => id === asked))
    if (run) this.#unfold(run.folded[0].id, true)
    const here = this.pieces.has(asked) ? asked : step("End", null, this.pieces)
    this.#choose(here)
    if (this.view.fitting(this.size) >= READABLE) this.view.fit(this.size)
    else this.view.centre(this.size.boxes.get(here), this.size, 1)
    this.#focus(here)
  }

  // Drawing

  #draw() {
    const pieces = fold([...this.nodes.values()], this.#open)
    this.pieces = new Map(pieces.map((piece) => [piece.id, piece]))
    this.children = childrenOf(pieces)
    this.size = measured(pieces, layout(pieces))
    for (const side of ["width", "height"]) this.svg.setAttribute(side, this.size[side])
    this.labels = new Map()
    this.labelled = element("g", { "aria-hidden": "true" })
    const lines = element("g", { "aria-hidden": "true" })
    // What is shown lies over what is not.
    lines.append(...pieces.toSorted((one, other) => isShown(one) - isShown(other)).map((piece) => drawLine(piece, this.size)).filter(Boolean))
    const drawn = element("g", { role: "none" })
    this.drawn = drawAll(pieces, this.children, this.size, this.font)
    drawn.append(...this.drawn.values())
    this.drawing.replaceChildren(lines, drawn, this.labelled)
    this.#label(pieces)
    this.#mark()
    this.#ask()
  }

  #label(pieces) {
    for (const piece of pieces) {
      const label = drawLabel(piece, this.size, this.#changes.get(piece.id), this.font)
      if (!label) continue
      this.labels.get(piece.id)?.remove()
      this.labels.set(piece.id, label)
      this.labelled.append(label)
    }
  }

  /** What was set otherwise for what is drawn, some at a time: each is read out of a stored request. */
  async #ask() {
    if (this.asking) return
    this.asking = true
    for (;;) {
      const ids = [...this.pieces.values()].filter(({ id, node }) => node?.model && !this.#changes.has(id)).map(({ id }) => id)
      if (!ids.length || !this.root.isConnected) break
      const asked = ids.slice(0, ASKED_FOR_AT_ONCE)
      const response = await responseFrom(`/c/${this.conversation}/tree/changes/?${new URLSearchParams(asked.map((id) => ["of", id]))}`)
      const { changes } = isDone(response) ? await response.json().catch(() => ({ changes: {} })) : { changes: {} }
      // Of the first one the server always knows, if anything is known of it.
      const known = asked.filter((id) => id in changes)
      for (const id of known.length ? known : asked) this.#changes.set(id, changes[id] ?? [])
      this.#label(known.map((id) => this.pieces.get(id)).filter(Boolean))
      if (known.includes(this.#here)) this.#tell()
    }
    this.asking = false
  }

  // Going about

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#here) return
    const to = step(event.key, this.#here, this.pieces, this.children, this.size.boxes)
    const act = { Enter: "open", s: "star", c: "mark", b: "branch", f: "fold", "+": "nearer", "=": "nearer", "-": "farther", 0: "fit" }[event.key]
    if (!to && !act && !event.key.startsWith("Arrow")) return
    event.preventDefault()
    event.stopPropagation()
    if (to) this.#focus(to)
    else this.#act(act)
  }

  #press(id) {
    if (!id) return
    this.#focus(id)
    if (this.pieces.get(id).folded) this.#enter(id)
  }

  #focus(id) {
    this.#goTo(id)
    this.drawn.get(id)?.focus({ preventScroll: true })
  }

  #goTo(id) {
    if (!id || !this.pieces.has(id)) return
    if (id !== this.#here || this.drawn.get(id).tabIndex) this.#choose(id)
    this.view.reveal(this.size.boxes.get(id))
  }

  #choose(id) {
    for (const each of [this.#here, id]) {
      this.drawn.get(each)?.setAttribute("tabindex", each === id ? 0 : -1)
      this.drawn.get(each)?.classList.toggle("tree__piece--here", each === id)
    }
    this.#here = id
    this.#tell()
  }

  #tell() {
    const { node, folded } = this.pieces.get(this.#here)
    this.about.tell(node, folded, this.#changes.get(this.#here) ?? [], this.#marked)
  }

  // Doing

  #act(name) {
    const { node, run = null } = this.pieces.get(this.#here) ?? {}
    const acts = {
      nearer: () => this.view.nearer(),
      farther: () => this.view.farther(),
      fit: () => this.view.fit(this.size),
      compare: () => this.#compare(),
      open: () => this.#enter(this.#here),
      star: () => node && this.#star(node),
      mark: () => node && this.#markHere(node),
      branch: () => node && this.root.querySelector("[data-branch-from]").click(),
      fold: () => run && this.#unfold(run, false),
    }
    acts[name]?.()
  }

  #enter(id) {
    const { node, folded } = this.pieces.get(id)
    if (folded) this.#unfold(folded[0].id, true)
    else this.#jump(node)
  }

  #unfold(first, isOpen) {
    if (isOpen) this.#open.add(first)
    else this.#open.delete(first)
    this.#draw()
    this.#focus(isOpen ? first : `fold-${first}`)
  }

  /** To the conversation, at this message: on a branch that is not shown, that branch is shown. */
  async #jump({ id, shown }) {
    if (!shown && !(await this.#post(`/messages/${id}/shown/`, "POST", { command: newId(), shown: "" }))) return
    location.assign(`/c/${this.conversation}/?at=${id}`)
  }

  async #star(node) {
    if (!(await this.#post(`/messages/${node.id}/star/`, node.starred ? "DELETE" : "POST"))) return
    node.starred = !node.starred
    this.#draw()
    this.#focus(this.pieces.has(node.id) ? node.id : this.#here)
  }

  async #post(url, method, values = {}) {
    const response = await responseFrom(url, { method, headers: { "X-CSRFToken": formToken() }, body: method === "POST" ? new URLSearchParams(values) : undefined })
    if (isDone(response)) return true
    toast(response ? "This could not be done. Reload the page: the message may be gone." : UNREACHED)
    return false
  }

  /** Two at most: of three the first is let go. */
  #markHere({ id }) {
    const isMarked = this.#marked.includes(id)
    this.#marked = isMarked ? this.#marked.filter((each) => each !== id) : [...this.#marked, id].slice(-2)
    this.#mark()
    this.#tell()
  }

  #mark() {
    for (const each of this.drawing.querySelectorAll(".tree__piece--marked")) markPiece(each, false)
    for (const id of this.#marked) markPiece(this.drawn.get(id), true)
    const compare = this.root.querySelector("[data-act=compare]")
    compare.disabled = this.#marked.length < 2
    this.root.querySelector("[data-marked-count]").textContent = this.#marked.length === 1 ? "1 marked" : ""
  }

  #compare() {
    const [a, b] = this.#marked
    if (b) location.assign(`/difference/?a=${a}&b=${b}`)
  }
}
