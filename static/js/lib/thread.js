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

// An address has no room for more.
const MOST_SAID = 100

/** All that it shows and in which state, as chat/transcript/held.py reads it. What is being edited is to be left alone. */
export function heldIn(thread) {
  const list = thread?.querySelector("[data-messages]")
  const all = [...(list?.querySelectorAll(":scope > article") ?? [])]
  const said = all.slice(-MOST_SAID)
  const earlier = list?.querySelector(":scope > [data-earlier]")?.getAttribute("hx-get").match(/messages\/([^/]+)/)?.[1]
  const above = said.length < all.length ? endOf(all.at(-said.length - 1)) : earlier
  const states = said.map(({ dataset }) => `${dataset.message}:${dataset.state ?? "*"}`)
  return [...(above ? [`^${above}`] : []), ...states, ...(list?.lastElementChild?.matches("[data-later]") ? ["$"] : [])].join(" ")
}

/** The last message of the turn that an article shows. */
export function endOf({ dataset }) {
  return dataset.end ?? dataset.message
}

/** Where it is told why something was refused. */
export function errorsIn(thread) {
  return thread?.querySelector("[data-errors]") ?? null
}
