/* A thread: the element of the page in which one conversation stands. The chat is one; a comparison has several. */

/** Where it stands, or, for a button in a toast, the conversation that it speaks of. */
export function threadOf(element) {
  return element.closest("[data-thread]") ?? threadShowing(element.closest("[data-of]")?.dataset.of)
}

export function threads() {
  return [...document.querySelectorAll("[data-thread]")]
}

/** By the id of its conversation; that of a new chat is "". */
export function threadShowing(conversation) {
  return threads().find((thread) => conversationOf(thread) === conversation) ?? null
}

export function conversationOf(thread) {
  return thread?.dataset.conversation ?? ""
}

/** The id of the last message that it shows. */
export function shownIn(thread) {
  const last = thread?.querySelector("[data-messages]")?.lastElementChild
  return (last && endOf(last)) ?? ""
}

/** The last message of the turn that an article shows. */
export function endOf({ dataset }) {
  return dataset.end ?? dataset.message
}

/** Where it is told why something was refused. */
export function errorsIn(thread) {
  return thread?.querySelector("[data-errors]") ?? null
}
