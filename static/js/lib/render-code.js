/* Blocks of code. highlight.js comes with the first block whose language it may know. */

import { element, icon } from "lib/render-nodes"
import { markSource } from "lib/render-patch"
import { whenIdle } from "lib/render-idle"

const LONGEST_HIGHLIGHT = 100_000 // characters; longer blocks stay plain
const LONGEST_LABEL = 40
const COPY = {
  class: "button button--icon button--small",
  type: "button",
  "aria-label": "Copy code",
  title: "Copy code",
  "data-copy-code": "",
}

/** The scopes of highlight.js that have one of our few colours. Any other keeps the colour around it. */
const SCOPES = {
  plain: ["subst"],
  comment: ["comment", "quote"],
  key: ["attr", "attribute", "property"],
  keyword: ["bullet", "doctag", "keyword", "literal", "meta keyword", "name", "section", "selector-tag"],
  number: ["deletion", "number"],
  string: ["addition", "char", "code", "formula", "link", "meta string", "regexp", "string", "symbol"],
}
const COLOURS = new Map(
  Object.entries(SCOPES).flatMap(([colour, scopes]) => scopes.map((scope) => [scope, colour])),
)

let highlighter = null
let arrival = null

/** The element of a block of code. While it is still being written it is plain, and its text may grow. */
export function codeBlock(text, info, isGrowing, later) {
  const language = info.trim().split(/\s/)[0].slice(0, LONGEST_LABEL)
  const code = element("code", {}, text)
  if (!isGrowing) {
    markSource(code, `${language}\n${text}`)
    const isColoured = language && text.length <= LONGEST_HIGHLIGHT
    if (isColoured) later.push({ node: code, dress: () => dress(code, text, language) })
  }
  return element("div", { class: "code" }, head(language), element("pre", { tabindex: "0" }, code))
}

function head(language) {
  const copy = element("button", COPY, icon("copy"))
  return element("div", { class: "code__head" }, element("span", {}, language || "text"), copy)
}

function dress(code, text, language) {
  arrival ??= import("vendor/highlight").then(prepare)
  arrival.then(() => whenIdle(() => highlight(code, text, language)), reportError)
}

function prepare(module) {
  highlighter = module.default
  highlighter.configure({ __emitter: Emitter })
}

function highlight(code, text, language) {
  if (!highlighter.getLanguage(language)) return
  const { _emitter: emitter, errorRaised } = highlighter.highlight(text, { language, ignoreIllegals: true })
  if (errorRaised) throw errorRaised
  code.replaceChildren(emitter.content())
}

/** What highlight.js tells about a text, kept as runs of one colour: no HTML is ever written. */
class Emitter {
  #colours = ["plain"]
  #runs = []

  addText(text) {
    const colour = this.#colours.at(-1)
    const last = this.#runs.at(-1)
    if (last?.colour === colour) last.text += text
    else if (text) this.#runs.push({ colour, text })
  }

  openNode(scope) {
    this.startScope(scope)
  }

  startScope(scope) {
    this.#colours.push(COLOURS.get(scope) ?? COLOURS.get(scope.split(".")[0]) ?? this.#colours.at(-1))
  }

  endScope() {
    this.#colours.pop()
  }

  closeNode() {
    this.endScope()
  }

  __addSublanguage(emitter) {
    for (const run of emitter.#runs) this.#runs.push(run)
  }

  finalize() {}

  toHTML() {
    return ""
  }

  content() {
    const content = document.createDocumentFragment()
    for (const { colour, text } of this.#runs) {
      content.append(colour === "plain" ? text : element("span", { class: `token-${colour}` }, text))
    }
    return content
  }
}
