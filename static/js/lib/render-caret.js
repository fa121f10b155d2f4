/* The caret at the end of an answer that is being written. */

import { element } from "lib/render-nodes"

const HOSTS = [
  "p, h3, h4, h5, h6, ul, ol, li, blockquote",
  ".code, pre, pre > code",
  ".prose__table, table, thead, tbody, tr, td, th",
].join()

export function createCaret() {
  return element("span", { class: "caret", "aria-hidden": "true" })
}

/** Puts it behind the last letter; behind a rule or a formula there is none. */
export function placeCaret(caret, parent) {
  let host = parent
  while (host.lastElementChild?.matches(HOSTS) && isEnd(host)) host = host.lastElementChild
  if (host !== parent || !parent.hasChildNodes()) host.append(caret)
}

/** Text behind the last element is the end, not the element. */
function isEnd(host) {
  return !host.lastChild.data?.trim()
}
