/* The messages of one thread: draws their text, lets running answers grow, follows the end. */

import { LiveAnswer } from "lib/answer"
import { hear, tell } from "lib/dom"
import { dropWhatIsThere, keepUp } from "lib/keep-up"
import { pressMessageButton } from "lib/message-buttons"
import { openMessageMenu } from "lib/message-menu"
import { letMove } from "lib/moving"
import { Near, endsBefore } from "lib/near"
import { rendered } from "lib/rendered"
import { renew, renewTurns, textOf } from "lib/renewal"
import { EndFollower } from "lib/scroll"
import { socket } from "lib/socket"
import { speakOfBeginning, speakOfEnd } from "lib/spoken"
import { conversationOf, endOf, errorsIn, shownIn, threadOf, threadShowing } from "lib/thread"
import { inTurn } from "lib/turns"

const CHECK_STORED_AGAIN_MS = 1000

export function mountTranscript(box) {
  const thread = threadOf(box)
  const list = box.querySelector("[data-messages]")
  const follower = followEnd(box, thread, list)
  box.addEventListener("click", pressMessageButton)
  box.addEventListener("click", openMessageMenu)

  const answers = new Answers(thread)
  const look = () => answers.lookIn(list)
  hear(box, "htmx:before:swap", ({ detail }) => {
    const tasks = detail.tasks ?? []
    dropWhatIsThere(list, tasks)
    renewTurns(list, tasks)
    if (tasks.some(({ target }) => list.contains(target) && target.matches("[data-earlier]"))) follower.keepPlace()
  })
  hear(box, "htmx:after:swap", look)
  hear(box, "answer-ended", ({ detail }) => detail.thread === thread && look())
  hear(box, "sent", () => thread.matches("[data-fed]") && follower.toLatest())
  // Once everything is mounted: the composer must hear what runs.
  queueMicrotask(look)
  open(box, list, follower)
  new Near(box, list)
  keepUp(thread, list)
  letMove(thread, list)
  whenGone(thread, () => answers.leaveAll())
}

/** At the end, or at the message that the address names. */
function open(box, list, follower) {
  const named = document.getElementById(`message-${list.dataset.at}`)
  if (!named) return list.childElementCount && follower.toEnd()
  named.classList.add("message--found")
  named.tabIndex = -1
  named.focus({ preventScroll: true })
  follower.hold(named)
}

function followEnd(box, thread, list) {
  const jump = thread.querySelector("[data-jump]")
  const follows = list.childElementCount > 0 && !("at" in list.dataset)
  const follower = new EndFollower(box, box.firstElementChild, { follows, mayFollow: () => !endsBefore(list) })
  follower.toLatest = async () => {
    if (endsBefore(list)) await fetchEnd(thread, list)
    follower.toEnd()
  }
  if (!jump) return follower
  jump.hidden = !endsBefore(list)
  follower.onchange = (follows) => (jump.hidden = follows)
  jump.addEventListener("click", follower.toLatest)
  return follower
}

/** Of a long conversation the page had only what is around one place of it. */
function fetchEnd(thread, list) {
  const url = `/c/${conversationOf(thread)}/changes/?shown=${shownIn(thread)}&whole=1`
  return window.htmx.ajax("GET", url, { target: errorsIn(thread), source: list })
}

/** Once it is taken out of the page, in whatever way. Being moved in it is nothing. */
function whenGone(thread, act) {
  const look = () => {
    if (thread.isConnected) return
    document.removeEventListener("htmx:after:swap", look)
    removals.disconnect()
    act()
  }
  const removals = new MutationObserver(look)
  removals.observe(thread.parentNode, { childList: true })
  document.addEventListener("htmx:after:swap", look)
}

/** Those of a thread that are being written. */
class Answers {
  constructor(thread) {
    this.thread = thread
    this.conversation = conversationOf(thread)
    this.watched = new Map() // generation -> { article, answer }
    this.told = ""
  }

  lookIn(list) {
    for (const article of list.querySelectorAll("article")) this.draw(article)
    for (const [generation, { article }] of this.watched)
      if (!article.isConnected || article.dataset.generation !== generation) this.leave(generation)
    this.tellRunning()
  }

  /** Once each time: every swap anywhere in the page makes every thread look. */
  tellRunning() {
    const generations = [...this.watched.keys()]
    if (generations.join() === this.told) return
    this.told = generations.join()
    tell("running-changed", { conversation: this.conversation, generations })
  }

  draw(article) {
    const text = textOf(article)
    if (!text || "drawn" in article.dataset) return
    article.dataset.drawn = ""
    if (article.dataset.status === "running") this.watch(article)
    else rendered(text)
  }

  watch(article) {
    const { generation, have } = article.dataset
    const answer = new LiveAnswer(article)
    this.watched.set(generation, { article, answer })
    speakOfBeginning(this.thread)
    socket.watch(generation, Number(have), (frame) => {
      if (frame.type === "stored") answer.restore(frame.answers)
      for (const event of frame.events ?? []) answer.take(event)
      const ended = frame.type === "gone" || frame.events?.at(-1)?.type === "end" || (frame.status && frame.status !== "running")
      if (ended) this.finish(article)
    })
  }

  leave(generation) {
    this.watched.get(generation)?.answer.end()
    this.watched.delete(generation)
    socket.leave(generation)
  }

  /** They go on without this thread, unless the same conversation stands in the page anew. */
  leaveAll() {
    for (const { answer } of this.watched.values()) answer.end()
    if (threadShowing(this.conversation)) return
    for (const generation of [...this.watched.keys()]) this.leave(generation)
    socket.unfollow("conversation", this.conversation)
    this.tellRunning()
  }

  /** The server has the end: its message takes the place of ours, but for our drawing where the text is the same. */
  async finish(article) {
    this.leave(article.dataset.generation)
    const stored = await fetchStored(article)
    if (!article.isConnected) return
    if (!stored) {
      article.remove()
      return this.tellEnded({})
    }
    const view = await rendered(textOf(article))
    const ended = await inTurn(() => article.isConnected && renew(article, stored, view))
    if (!ended) return
    this.tellEnded({ status: ended.dataset.status })
    if (ended.dataset.status !== "running") speakOfEnd(this.thread, ended)
  }

  tellEnded(detail) {
    tell("answer-ended", { ...detail, thread: this.thread, conversation: this.conversation })
  }
}

/** Asks until the server answers: it may be on its way up again. */
async function fetchStored(article) {
  for (;;) {
    try {
      const response = await fetch(`/messages/${endOf(article)}/`, { headers: { "HX-Request": "true" } })
      if (response.status === 404) return null
      if (response.ok) return new DOMParser().parseFromString(await response.text(), "text/html").querySelector("article")
    } catch {
      // No connection: the next try may have one.
    }
    await new Promise((resolve) => setTimeout(resolve, CHECK_STORED_AGAIN_MS))
  }
}
