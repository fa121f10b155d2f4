/* The messages: draws their text, lets running answers grow, follows the end, copies, shows the raw text. */

import { LiveAnswer } from "lib/answer"
import { copyText } from "lib/clipboard"
import { hear, tell } from "lib/dom"
import { rawText, rendered } from "lib/rendered"
import { EndFollower } from "lib/scroll"
import { socket } from "lib/socket"
import { toast } from "lib/toasts"

const CHECK_STORED_AGAIN_MS = 1000
const SHOW_COPIED_MS = 1500

export function mountTranscript(box) {
  const list = box.querySelector("#messages")
  const jump = box.parentElement.querySelector("[data-jump]")
  const follower = new EndFollower(box, box.firstElementChild, { follows: list.childElementCount > 0 })
  follower.onchange = (follows) => (jump.hidden = follows)
  jump.addEventListener("click", () => follower.toEnd())
  box.addEventListener("click", clicked)

  const watched = new Map() // generation -> { article, answer }
  const look = () => {
    for (const article of list.querySelectorAll("article")) draw(article, watched)
    for (const [generation, { article }] of watched) if (!article.isConnected) leave(watched, generation)
    tell("running-changed", { generations: [...watched.keys()] })
  }
  hear(box, "htmx:before:swap", ({ detail }) => {
    dropWhatIsThere(detail.tasks ?? [])
    if (detail.tasks?.some(({ target }) => target?.matches?.("[data-earlier]"))) follower.keepPlace()
  })
  hear(box, "htmx:after:swap", look)
  hear(box, "answer-ended", look)
  hear(box, "sent", () => follower.toEnd())
  // Once everything is mounted: the composer must hear what runs.
  queueMicrotask(look)
  if (list.childElementCount) follower.toEnd()
  keepUp(box)
}

function draw(article, watched) {
  const text = article.querySelector('[data-part="text"]')
  if (!text || article.dataset.drawn) return
  article.dataset.drawn = ""
  if (article.dataset.status === "running") watch(article, watched)
  else rendered(text)
}

function watch(article, watched) {
  const { generation, have } = article.dataset
  const answer = new LiveAnswer(article)
  watched.set(generation, { article, answer })
  tell("announce", { words: "Answering" })
  socket.watch(generation, Number(have), (frame) => {
    if (frame.type === "stored") answer.restore(frame.answers)
    for (const event of frame.events ?? []) answer.take(event)
    const ended = frame.type === "gone" || frame.events?.at(-1)?.type === "end" || (frame.status && frame.status !== "running")
    if (ended) finish(article, watched)
  })
}

function leave(watched, generation) {
  watched.get(generation)?.answer.end()
  watched.delete(generation)
  socket.leave(generation)
}

/** The server has the end: its message takes the place of ours, and keeps our drawing where the text is the same. */
async function finish(article, watched) {
  leave(watched, article.dataset.generation)
  const stored = await fetchStored(article)
  if (!article.isConnected) return
  if (!stored) {
    article.remove()
    return tell("answer-ended", {})
  }
  const ours = article.querySelector('[data-part="text"]')
  const theirs = stored.querySelector('[data-part="text"]')
  const view = await rendered(ours)
  if (theirs.textContent === view.text) {
    view.finish()
    theirs.replaceWith(ours)
    stored.dataset.drawn = ""
  }
  const open = article.querySelector("details")?.open
  if (open && stored.querySelector("details")) stored.querySelector("details").open = true
  keepingFocus(article, stored, () => article.replaceWith(stored))
  window.htmx?.process(stored)
  tell("answer-ended", { status: stored.dataset.status })
  tell("announce", { words: endingOf(stored) })
}

/** Who stands on Copy stands on Copy afterwards. */
function keepingFocus(before, after, change) {
  const label = before.contains(document.activeElement) && document.activeElement.getAttribute("aria-label")
  change()
  if (label) after.querySelector(`[aria-label="${label}"]`)?.focus()
}

function endingOf(article) {
  const why = article.querySelector(".verdict > p")?.textContent ?? ""
  return `${ENDINGS[article.dataset.status]}. ${why}`.trim()
}

const ENDINGS = {
  finished: "Answer finished",
  stopped: "Answer stopped",
  failed: "The answer failed",
  interrupted: "The answer was interrupted",
}

/** Asks until the server answers: it may be on its way up again. */
async function fetchStored(article) {
  for (;;) {
    try {
      const response = await fetch(`/messages/${article.dataset.message}/`, { headers: { "HX-Request": "true" } })
      if (response.status === 404) return null
      if (response.ok) return new DOMParser().parseFromString(await response.text(), "text/html").querySelector("article")
    } catch {
      // No connection: the next try may have one.
    }
    await new Promise((resolve) => setTimeout(resolve, CHECK_STORED_AGAIN_MS))
  }
}

/** What another answer has put into the page already is not put there twice. */
function dropWhatIsThere(tasks) {
  const going = new Set(tasks.filter(({ swapSpec }) => swapSpec?.style === "delete").map(({ target }) => target?.id))
  for (const { fragment, target, swapSpec } of tasks) {
    if (target?.id !== "messages" || swapSpec?.style === "innerHTML") continue
    for (const article of fragment.querySelectorAll("article"))
      if (document.getElementById(article.id) && !going.has(article.id)) article.remove()
  }
}

/** Another tab changed what this conversation shows. */
function keepUp(box) {
  const chat = box.closest("#chat")
  const { conversation, version } = chat.dataset
  if (!conversation) return
  let shown = Number(version)
  let there = shown
  /** Not under a person's hands: while a message is edited or a command is on its way, it waits. */
  const catchUp = () => {
    if (there <= shown || document.querySelector(".htmx-request, .message--editing")) return
    const last = document.querySelector("#messages")?.lastElementChild?.dataset.message ?? ""
    window.htmx?.ajax("GET", `/c/${conversation}/changes/?shown=${last}`, { target: "#composer-error", source: "#messages" })
  }
  hear(box, "branch-changed", ({ detail }) => (shown = Math.max(shown, detail.version)))
  hear(box, "htmx:finally:request", ({ detail }) => detail.ctx.sourceElement?.id !== "messages" && setTimeout(catchUp))
  hear(box, "htmx:error", ({ detail }) => detail.ctx?.sourceElement?.id === "messages" && setTimeout(catchUp, CHECK_STORED_AGAIN_MS))
  socket.follow(conversation, shown, (frame) => {
    there = Math.max(there, frame.version)
    catchUp()
  })
}

async function clicked({ target }) {
  const button = target.closest("button")
  if (button?.matches("[data-copy]")) await copy(button, rawText(partOf(button)))
  if (button?.matches("[data-copy-code]")) await copy(button, button.closest(".code").querySelector("pre").textContent)
  if (button?.matches("[data-show-raw]")) toggleRaw(button)
}

function partOf(button) {
  return button.closest("article").querySelector('[data-part="text"]')
}

async function copy(button, text) {
  const copied = await copyText(text)
  if (!copied) return toast("This browser does not let the page copy. Select the text, and copy it with the keyboard.")
  tell("announce", { words: "Copied" })
  const picture = button.querySelector("use")
  if (picture.dataset.before) return
  picture.dataset.before = picture.getAttribute("href")
  picture.setAttribute("href", "#icon-check")
  setTimeout(() => {
    picture.setAttribute("href", picture.dataset.before)
    delete picture.dataset.before
  }, SHOW_COPIED_MS)
}

function toggleRaw(button) {
  const text = partOf(button)
  const shown = text.parentElement.querySelector('[data-part="raw"]')
  const label = shown ? "Show raw" : "Show rendered"
  if (shown) shown.remove()
  else text.after(raw(rawText(text)))
  text.hidden = !shown
  button.setAttribute("aria-label", label)
  button.title = label
  button.setAttribute("aria-pressed", String(!shown))
}

function raw(text) {
  const element = document.createElement("pre")
  element.className = "raw"
  element.dataset.part = "raw"
  element.tabIndex = 0
  element.textContent = text
  return element
}
