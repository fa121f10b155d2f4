/* Beside the drawing: what is known of the message that one stands on, and what can be done with it. */

import { inWords, marksOf, roleOf, sayingNothing } from "lib/tree-draw"

export class About {
  #part

  constructor(root, conversation) {
    this.root = root
    this.conversation = conversation
    this.#part = (name) => root.querySelector(`[data-about-${name}]`)
  }

  tell(node, folded, changes, marked) {
    this.#part("message").hidden = !node
    this.#part("run").hidden = Boolean(node)
    if (!node) return void (this.#part("run-words").textContent = `${folded.length.toLocaleString("en")} messages in a row, without an alternative.`)
    this.#part("role").textContent = roleOf(node)
    this.#part("words").textContent = node.words ? `${node.words}${node.words.length >= 150 ? "…" : ""}` : sayingNothing(node)
    this.#part("facts").replaceChildren(...this.#facts(node, changes))
    this.#buttons(node, marked)
  }

  #facts(node, changes) {
    const marks = marksOf(node).map(([, , words]) => words)
    const facts = [node.model, ...marks, node.shown ? "shown" : "on another branch"].filter(Boolean)
    return [...facts.map((text) => item(text)), ...changes.map((change) => item(inWords(change), "tree__fact--changed"))]
  }

  #buttons(node, marked) {
    const isMarked = marked.includes(node.id)
    this.#part("star").textContent = node.starred ? "Remove the star" : "Star"
    this.#part("mark").textContent = isMarked ? "Do not compare" : marked.length ? "Compare with this" : "Mark to compare"
    const branch = this.#part("branch")
    branch.dataset.branchFrom = `/messages/${node.id}/branches/`
    branch.hidden = node.status === "running"
  }
}

function item(text, name = "") {
  const line = document.createElement("li")
  line.className = name
  line.textContent = text
  return line
}
