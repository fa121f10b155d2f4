/* What the tests ask of the page. */

import { MarkdownView } from "lib/markdown"

const TAGS = new Set(
  ("a blockquote br button code div em h3 h4 h5 h6 hr img input li ol p pre s span strong svg table tbody td th " +
    "thead tr ul use").split(" "),
)
const ATTRIBUTES = new Set(
  ("alt aria-hidden aria-label aria-level checked class data-copy-code disabled href referrerpolicy rel role scope src " +
    "start tabindex target title type").split(" "),
)

/** An empty element of the page, in place of the last one. */
function clear() {
  const node = document.createElement("div")
  node.className = "prose"
  document.querySelector("main").replaceChildren(node)
  return node
}

async function drawn() {
  for (let step = 0; step < 8; step += 1) await null
}

async function show(text) {
  const node = clear()
  const view = new MarkdownView(node)
  view.replace(text)
  view.finish()
  await drawn()
  return node.innerHTML
}

/** Writes pieces into a live view; tells the final HTML, and everything forbidden that was ever there. */
async function stream(pieces) {
  const node = clear()
  const view = new MarkdownView(node, { live: true })
  const foreign = new Set()
  for (const piece of pieces) {
    view.append(piece)
    await drawn()
    findForeign(node).forEach((name) => foreign.add(name))
  }
  view.finish()
  await drawn()
  return { html: node.innerHTML, foreign: [...foreign, ...findForeign(node)], text: view.text }
}

const ADDRESS = /^(https?:|mailto:|data:image\/(png|jpeg|gif|webp);|#icon-)/

/** Names of tags and attributes outside the closed set, and addresses that a link must not have. */
function findForeign(root) {
  return [...root.querySelectorAll("*")].flatMap((node) => {
    const isFormula = node.closest(".katex") !== null
    const isForeign = isFormula ? node.matches("a, img, script, iframe, style, link") : !TAGS.has(node.localName)
    const attributes = [...node.attributes].filter(({ name, value }) => {
      if (/^(href|src)$/.test(name) && !ADDRESS.test(value)) return true
      return isFormula ? /^on|href|src/.test(name) : !ATTRIBUTES.has(name)
    })
    const names = attributes.map(({ name, value }) => `${node.localName}[${name}=${value}]`)
    return isForeign ? [node.localName, ...names] : names
  })
}

async function foreignIn(texts) {
  const found = []
  for (const text of texts) {
    await show(text)
    found.push(...findForeign(document.querySelector("main")).map((name) => `${name} in ${text}`))
  }
  return found
}

/** Milliseconds to read and draw a text, and those with layout. */
function time(text) {
  const node = clear()
  const started = performance.now()
  const view = new MarkdownView(node)
  view.replace(text)
  view.finish()
  const script = performance.now() - started
  node.getBoundingClientRect()
  const all = performance.now() - started
  return { script, all, length: node.textContent.length, plain: node.querySelector(".prose__plain") !== null }
}

/** What a second of tokens does to a page that has a long tail already. */
async function countDrawings(text) {
  const node = clear()
  const view = new MarkdownView(node, { live: true })
  view.append(text)
  let drawings = 0
  let turns = 0
  const whatever = { childList: true, subtree: true, characterData: true }
  new MutationObserver(() => (drawings += 1)).observe(node, whatever)
  for (const started = performance.now(); performance.now() - started < 1000; turns += 1) {
    view.append("x ")
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  view.finish()
  return { drawings, turns, text: node.textContent.trimEnd().endsWith("x x x") }
}

const stage = { clear, drawn, show, stream, foreignIn, findForeign, time, countDrawings }
Object.assign(window, { MarkdownView, stage })
