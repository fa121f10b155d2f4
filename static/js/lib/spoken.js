/* What a screen reader hears of answers: in a comparison, with the name of the thread. */

import { tell } from "lib/dom"
import { conversationOf } from "lib/thread"

const ALONE = {
  finished: "Answer finished",
  stopped: "Answer stopped",
  failed: "The answer failed",
  interrupted: "The answer was interrupted",
}
const OF_A_THREAD = { finished: "finished", stopped: "stopped", failed: "failed", interrupted: "was interrupted" }

export function speakOfBeginning(thread) {
  const { name } = thread.dataset
  say(thread, name ? `${name}: answering` : "Answering")
}

export function speakOfEnd(thread, article) {
  const { name } = thread.dataset
  const why = article.querySelector(".verdict > p")?.textContent ?? ""
  say(thread, name ? endOf(name, article, why) : `${ALONE[article.dataset.status]}. ${why}`.trim())
}

function endOf(name, { dataset: { status, tokens } }, why) {
  const end = `${name} ${OF_A_THREAD[status]}`
  if (status === "finished" && tokens) return `${end}, ${Number(tokens).toLocaleString("en")} tokens`
  return status === "failed" && why ? `${end}. ${why}` : end
}

function say(thread, words) {
  tell("announce", { words, thread, conversation: conversationOf(thread) })
}
