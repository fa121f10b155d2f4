/* Moving messages along the branch that is shown: by drag, by key, and from their menus. */

import { tell } from "lib/dom"
import { errorsIn } from "lib/thread"

const MESSAGE = "application/x-message"
const BY_KEY = { ArrowUp: -1, ArrowDown: 1 }

/** `list` holds the messages of the thread. */
export function letMove(thread, list) {
  list.addEventListener("keydown", (event) => {
    const by = event.altKey && !event.target.matches("textarea, input, select") && BY_KEY[event.key]
    const article = event.target.closest("article")
    if (!by || !article) return
    event.preventDefault()
    moveBy(thread, article, by)
  })
  list.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-move-by]")
    if (item) moveBy(thread, item.closest("article"), Number(item.dataset.moveBy))
  })
  letDrag(thread, list)
}

function letDrag(thread, list) {
  let dragged = null
  list.addEventListener("dragstart", ({ target, dataTransfer }) => {
    if (!target.matches?.("[data-handle-of]")) return
    dragged = target.closest("article")
    dataTransfer.setData(MESSAGE, dragged.dataset.message)
    dataTransfer.effectAllowed = "move"
    dataTransfer.setDragImage(dragged, 0, 0)
  })
  list.addEventListener("dragover", (event) => {
    const article = event.target.closest("article")
    markDrop(list, null)
    // From another thread it cannot be moved: that is another conversation.
    if (!dragged || !article || article === dragged) return
    event.preventDefault()
    markDrop(list, article, sideOf(article, event))
  })
  list.addEventListener("dragend", () => {
    markDrop(list, null)
    dragged = null
  })
  list.addEventListener("drop", (event) => {
    const article = event.target.closest("article")
    if (!dragged || !article || article === dragged) return
    event.preventDefault()
    move(thread, dragged, { beside: article.dataset.message, side: sideOf(article, event) })
  })
}

function sideOf(article, { clientY }) {
  const { top, height } = article.getBoundingClientRect()
  return clientY < top + height / 2 ? "above" : "below"
}

function markDrop(list, article, side) {
  for (const marked of list.querySelectorAll("[data-drop]")) delete marked.dataset.drop
  if (article) article.dataset.drop = side
}

function moveBy(thread, article, by) {
  const beside = by < 0 ? article.previousElementSibling : article.nextElementSibling
  if (!beside) return tell("announce", { words: by < 0 ? "It is the first message" : "It is the last message" })
  return move(thread, article, { by })
}

async function move(thread, article, values) {
  const { message } = article.dataset
  const source = article.querySelector("[data-handle-of]")
  if (!source) return
  await window.htmx.ajax("POST", `/messages/${message}/place/`, { source, target: errorsIn(thread), values })
  const now = document.getElementById(`message-${message}`)
  now?.querySelector("[data-handle-of]")?.focus({ preventScroll: true })
  now?.scrollIntoView({ block: "nearest" })
}
