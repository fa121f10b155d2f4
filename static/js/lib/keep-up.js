/* What a thread shows is what its conversation shows: another tab may change it, and several answers may bring the
   same message. */

import { hear } from "lib/dom"
import { endsBefore, reachTo } from "lib/near"
import { socket } from "lib/socket"
import { conversationOf, endOf, errorsIn, heldIn, shownIn } from "lib/thread"

const TRY_AGAIN_MS = 1000

/** `list` holds the messages of the thread. */
export function keepUp(thread, list) {
  const conversation = conversationOf(thread)
  if (!conversation) return
  let shown = Number(thread.dataset.version)
  let there = shown
  const catchUp = () => {
    if (there <= shown || !list.isConnected || isBusy(thread)) return
    const url = `/c/${conversation}/changes/?${new URLSearchParams({ shown: shownIn(thread), have: heldIn(thread) })}`
    window.htmx?.ajax("GET", url, { target: errorsIn(thread), source: list })
  }
  hear(list, "branch-changed", ({ detail }) => {
    if (detail.conversation !== conversation) return
    shown = Math.max(shown, detail.version)
    setTimeout(catchUp) // It may have changed once more meanwhile.
  })
  hear(list, "htmx:finally:request", ({ detail }) => detail.ctx.sourceElement !== list && setTimeout(catchUp))
  hear(list, "htmx:error", ({ detail }) => detail.ctx?.sourceElement === list && setTimeout(catchUp, TRY_AGAIN_MS))
  socket.follow("conversation", conversation, shown, (frame) => {
    there = Math.max(there, frame.version)
    catchUp()
  })
}

/** Not under a person's hands: while a message is edited or a command is on its way, it waits. */
function isBusy(thread) {
  if (thread.matches(".htmx-request") || thread.querySelector(".htmx-request, .editor")) return true
  return thread.matches("[data-fed]") && document.querySelector("#composer.htmx-request") !== null
}

/** What another answer has put into the list already is not put there twice. */
export function dropWhatIsThere(list, tasks) {
  const going = new Set(tasks.filter(({ swapSpec }) => swapSpec?.style === "delete").map(({ target }) => target?.id))
  for (const { fragment, target, swapSpec } of tasks) {
    if (!isAdding(list, target, swapSpec?.style)) continue
    if (target === list && endsBefore(list)) takeForLater(list, fragment)
    for (const article of fragment.querySelectorAll("article"))
      if (document.getElementById(article.id) && !going.has(article.id)) article.remove()
  }
}

function isAdding(list, target, style) {
  return target === list ? style !== "innerHTML" : style === "beforebegin" && list.contains(target)
}

/** What is between is not in the page: it comes with what follows, as one gets there. */
function takeForLater(list, fragment) {
  const articles = fragment.querySelectorAll("article")
  if (articles.length) reachTo(list, endOf([...articles].at(-1)))
  for (const article of articles) article.remove()
}
