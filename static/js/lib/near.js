/* Of a long conversation only what is near stands in the page. What is far above or below is left out, and comes again
   as one scrolls there: each end is marked by an element that asks for what follows. */

import { endOf } from "lib/thread"

const MOST = 120 // messages in the page before any is left out
const FAR_SCREENS = 6
const LOOK_AFTER_MS = 150

/** Whether the page ends before the branch does. */
export function endsBefore(list) {
  return list.lastElementChild?.matches("[data-later]") ?? false
}

export class Near {
  #box
  #list
  #isBooked = false

  constructor(box, list) {
    this.#box = box
    this.#list = list
    box.addEventListener("scroll", () => this.#book(), { passive: true })
  }

  /** Not with each step: looking costs a layout. */
  #book() {
    if (this.#isBooked) return
    this.#isBooked = true
    setTimeout(() => this.#look(), LOOK_AFTER_MS)
  }

  #look() {
    this.#isBooked = false
    const articles = [...this.#list.querySelectorAll(":scope > article")]
    if (articles.length <= MOST) return
    const { top, bottom } = this.#box.getBoundingClientRect()
    const far = FAR_SCREENS * (bottom - top)
    const first = articles.findIndex((article) => article.getBoundingClientRect().bottom > top - far)
    const last = articles.findLastIndex((article) => article.getBoundingClientRect().top < bottom + far)
    if (first < 0 || last < first) return
    this.#leaveOutBelow(articles.slice(last + 1))
    this.#leaveOutAbove(articles.slice(0, first), articles[first])
  }

  #leaveOutAbove(articles, kept) {
    if (!articles.length || articles.some(isNeeded)) return
    const before = kept.getBoundingClientRect().top
    this.#list.querySelector(":scope > [data-earlier]")?.remove()
    kept.before(mark("earlier", `/messages/${endOf(articles.at(-1))}/earlier/`))
    for (const article of articles) article.remove()
    window.htmx.process(kept.previousElementSibling)
    this.#box.scrollTop += kept.getBoundingClientRect().top - before
  }

  #leaveOutBelow(articles) {
    if (!articles.length || articles.some(isNeeded)) return
    const kept = articles[0].previousElementSibling
    const tip = endOf(this.#list.lastElementChild)
    this.#list.querySelector(":scope > [data-later]")?.remove()
    this.#list.append(later(tip, kept))
    for (const article of articles) article.remove()
    window.htmx.process(this.#list.lastElementChild)
  }
}

/** The branch goes on as far as this message now: what asks for what follows asks on that branch. */
export function reachTo(list, tip) {
  const before = list.lastElementChild
  before.replaceWith(later(tip, before.previousElementSibling))
  window.htmx.process(list.lastElementChild)
}

/** What is being written, edited, chosen or stood on stays. */
function isNeeded(article) {
  if (article.dataset.status === "running" || article.matches(":has(.editor), :focus-within")) return true
  const selection = getSelection()
  return !selection.isCollapsed && selection.containsNode(article, true)
}

function later(tip, last) {
  const element = mark("later", `/messages/${tip}/later/?after=${endOf(last)}`)
  element.dataset.message = tip
  return element
}

/** As templates/messages/_page.html has it. */
function mark(which, url) {
  const element = document.createElement("div")
  const link = document.createElement("a")
  element.className = `messages__${which}`
  element.dataset[which] = ""
  element.setAttribute("hx-get", url)
  element.setAttribute("hx-trigger", "intersect once root:<closest [data-behavior=transcript]/>")
  element.setAttribute("hx-swap", "outerHTML")
  link.className = "muted small"
  link.href = url
  link.textContent = which === "earlier" ? "Earlier messages" : "Later messages"
  element.append(link)
  return element
}
