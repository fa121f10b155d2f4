/* History: the conversation that is open, what other tabs did, and which ones are still running. It keeps its place. */

import { hear, later, tell } from "lib/dom"
import { chooseFilter, chosenFilter, keepPlace, placeInList } from "lib/history-place"
import { renewRows, scrollerOf } from "lib/rows"
import { markRead, markUnread, unread } from "lib/unread"

const WHILE_RUNNING_MS = 3000
const AFTER_AN_END_MS = 150 // answers that are asked together end together

export function mountHistory(nav) {
  const list = nav.querySelector("#history-list")
  let asking = null
  let again = null

  async function refresh({ count = list.querySelectorAll(".conversation-row").length } = {}) {
    asking?.abort()
    clearTimeout(again)
    asking = new AbortController()
    const said = new URLSearchParams(chosenFilter().query)
    const address = `${list.dataset.url}?${new URLSearchParams({ count, current: list.dataset.current })}&${said}`
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal })
      if (response.ok && !response.redirected) show(list, await response.text())
      // The folder or the tag was deleted.
      else if (response.status === 404 && String(said)) forgetFilter()
    } catch {
      // Somebody asked again meanwhile, or there is no connection: it is asked again when there is.
    }
    lookAgain()
  }

  function forgetFilter() {
    chooseFilter({ query: "" })
    tell("history-filter-gone")
    refresh({ count: 0 })
  }

  /** Nothing tells this page of an answer in another conversation, so it asks, as long as one runs. */
  function lookAgain() {
    clearTimeout(again)
    if (list.querySelector(".pulse") && document.visibilityState === "visible") again = setTimeout(refresh, WHILE_RUNNING_MS)
  }

  hear(nav, "answer-ended", later(() => refresh(), AFTER_AN_END_MS))
  hear(nav, "history-changed", () => refresh())
  hear(nav, "visibilitychange", () => document.visibilityState === "visible" && refresh())
  hear(nav, "htmx:after:swap", () => {
    markRows(list)
    lookAgain()
  })
  hear(nav, "htmx:after:history:push", () => {
    list.dataset.current = location.pathname.match(/^\/c\/([0-9a-f-]+)\//)?.[1] ?? ""
    refresh()
  })
  hear(nav, "history-filtered", () => {
    scrollerOf(list).scrollTop = 0
    refresh({ count: 0 })
  })
  hear(nav, "pagehide", () => keepPlace({ count: list.querySelectorAll(".conversation-row").length, top: scrollerOf(list).scrollTop }), {}, window)
  comeBack(list, refresh)
  markRead(list.dataset.current)
  markRows(list)
  lookAgain()
}

/** As it was on the page before: what it showed, how much of it, and where it was scrolled to. */
async function comeBack(list, refresh) {
  const { count = 0, top = 0 } = placeInList() ?? {}
  if (chosenFilter().query || (top && count > list.querySelectorAll(".conversation-row").length)) await refresh({ count })
  if (top) scrollerOf(list).scrollTop = top
}

function show(list, html) {
  const before = new Set([...list.querySelectorAll(".conversation-row:has(.pulse)")].map(({ id }) => id))
  renewRows(list, html, "h2, .conversation-row")
  const ended = [...list.querySelectorAll(".conversation-row:not(:has(.pulse), :has([aria-current]))")].filter(({ id }) => before.has(id))
  markUnread(ended.map(({ dataset }) => dataset.entry))
  markRows(list)
}

/** An answer came there while nobody looked. */
function markRows(list) {
  const ids = unread()
  for (const row of list.querySelectorAll(".conversation-row")) {
    const isUnread = ids.has(row.dataset.entry) && !row.querySelector("[aria-current]")
    if (!isUnread) row.querySelectorAll(".unread").forEach((each) => each.remove())
    else if (!row.querySelector(".unread")) row.append(...markOfUnread())
  }
}

function markOfUnread() {
  const [dot, words] = [document.createElement("span"), document.createElement("span")]
  dot.className = "unread unread--dot"
  words.className = "unread visually-hidden"
  words.textContent = "new answer"
  return [dot, words]
}
