/* A block of code that is being written: new lines go straight to its text node, and are not read again. */

export class GrowingFence {
  #node
  #held // a line end that counts only once something follows it
  #line // the head of the last line
  #mark

  /** The fence of this block, or null if the block has to be read again for what follows. */
  static of(block, element) {
    const [token] = block.tokens
    if (!block.growing || token.type !== "fence") return null
    if (!block.source.startsWith(token.markup) || !block.source.includes("\n")) return null
    return new GrowingFence(token, block.source, element.querySelector("code").firstChild)
  }

  constructor(token, source, node) {
    this.#node = node
    this.#held = token.content.endsWith("\n") ? "\n" : ""
    this.#line = headOfLastLine(source)
    this.#mark = token.markup[0] === "~" ? /^ {0,3}~/m : /^ {0,3}`/m
  }

  /** Shows what was added to the text. False, and nothing shown, if that could be the end of the fence. */
  write(text) {
    const lines = this.#line + text
    if (this.#mark.test(lines)) return false
    this.#line = headOfLastLine(lines)
    const added = this.#held + text
    this.#held = added.endsWith("\n") ? "\n" : ""
    this.#node.appendData(this.#held ? added.slice(0, -1) : added)
    return true
  }
}

function headOfLastLine(text) {
  const at = text.lastIndexOf("\n") + 1
  return text.slice(at, at + 4)
}
