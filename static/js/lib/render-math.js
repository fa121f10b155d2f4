/* Formulas. KaTeX comes with the first of them; until then, and where it gives up, one sees the source. */

import { element } from "lib/render-nodes"
import { markSource } from "lib/render-patch"
import { whenIdle } from "lib/render-idle"

const OPTIONS = { trust: false, maxExpand: 1000, maxSize: 50, strict: "ignore", output: "htmlAndMathml" }
const DISPLAYED = { class: "math math--block", tabindex: "0", role: "group", "aria-label": "Formula" }

let katex = null
let arrival = null

/** The element of a formula, showing its source, to be set by `later`. */
export function formula(tex, isDisplay, later, tag = "div") {
  const node = element(tag, isDisplay ? DISPLAYED : { class: "math" }, tex)
  later.push({ node, dress: () => setFormula(node, tex, isDisplay) })
  return markSource(node, `${isDisplay}\n${tex}`)
}

function setFormula(node, tex, isDisplay) {
  if (katex) return typeset(node, tex, isDisplay)
  arrival ??= load()
  arrival.then(() => whenIdle(() => typeset(node, tex, isDisplay)), reportError)
}

async function load() {
  await Promise.all([loadStyles(), import("vendor/katex")])
  katex = globalThis.katex
}

function loadStyles() {
  const href = document.querySelector("meta[name=katex-css]").content
  const link = element("link", { rel: "stylesheet", href })
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve)
    link.addEventListener("error", () => reject(new Error("The styles of formulas did not load")))
    document.head.append(link)
  })
}

function typeset(node, tex, isDisplay) {
  const draft = document.createElement("span")
  try {
    set(tex, draft, { ...OPTIONS, displayMode: isDisplay })
    node.replaceChildren(...draft.childNodes)
  } catch (error) {
    node.classList.add("math--source")
    node.title = error.message
  }
}

/** Throws what is wrong with a formula. One with an unknown command is set, that command in red. */
function set(tex, draft, options) {
  try {
    katex.render(tex, draft, { ...options, throwOnError: true })
  } catch (error) {
    if (!isUnknownCommand(error)) throw error
    const lenient = { ...options, throwOnError: false }
    katex.__parse(tex, lenient) // throws, where render would write with a style attribute
    katex.render(tex, draft, lenient)
  }
}

function isUnknownCommand(error) {
  return error instanceof katex.ParseError && error.rawMessage.startsWith("Undefined control sequence")
}
