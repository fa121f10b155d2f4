/* History: the conversation that is open, what other tabs did, and which ones are still running. */

import { hear, later } from "lib/dom"

const WHILE_RUNNING_MS = 3000
const AFTER_AN_END_MS = 150 // answers that are asked together end together

export function mountHistory(nav) {
  const list = nav.querySelector("#history-list")
  const search = nav.querySelector("[name=q]")
  let asking = null
  let again = null

  async function refresh() {
    asking?.abort()
    clearTimeout(again)
    asking = new AbortController()
    const address = `${list.dataset.url}?${new URLSearchParams({ q: search.value, current: list.dataset.current })}`
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: asking.signal })
      if (response.ok && !response.redirected) show(list, await response.text())
    } catch {
      // Somebody asked again meanwhile, or there is no connection: it is asked again when there is.
    }
    lookAgain()
  }

  /** Nothing tells this page of an answer in another conversation, so it asks, as long as one runs. */
  function lookAgain() {
    clearTimeout(again)
    if (list.querySelector(".pulse") && document.visibilityState === "visible") again = setTimeout(refresh, WHILE_RUNNING_MS)
  }

  hear(nav, "answer-ended", later(refresh, AFTER_AN_END_MS))
  hear(nav, "history-changed", refresh)
  hear(nav, "visibilitychange", () => document.visibilityState === "visible" && refresh())
  hear(nav, "htmx:after:swap", lookAgain)
  hear(nav, "htmx:after:history:push", () => {
    list.dataset.current = location.pathname.match(/^\/c\/([0-9a-f-]+)\//)?.[1] ?? ""
    refresh()
  })
  lookAgain()
}

/** Row by row where the order is the same, so that who reads or stands in the list is left alone. */
function show(list, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body
  const [theirs, ours] = [fresh, list].map((place) => [...place.querySelectorAll("h2, .conversation-row")])
  const isSame = (each, number) => nameOf(each) === nameOf(ours[number])
  if (theirs.length && theirs.every(isSame)) return theirs.forEach((each, number) => each.id && renew(ours[number], each))
  const [focus, top] = [document.activeElement, list.scrollTop]
  const place = list.contains(focus) && { row: focus.closest("[id]")?.id, label: focus.getAttribute("aria-label") }
  list.replaceChildren(...fresh.childNodes)
  window.htmx?.process(list)
  list.scrollTop = top
  if (place) (list.querySelector(`[aria-label="${CSS.escape(place.label ?? "")}"]`) ?? document.getElementById(place.row)?.querySelector("a"))?.focus()
}

/** Of a row or of the heading above it: one that is pinned may keep its place, and stands under another heading. */
const nameOf = (element) => element?.id || element?.textContent

function renew(ours, theirs) {
  const [before, after] = [ours, theirs].map((row) => row.querySelector("a"))
  if (before.outerHTML === after.outerHTML) return
  if (ours.contains(document.activeElement)) return before.replaceChildren(...after.childNodes)
  ours.replaceWith(theirs)
  window.htmx?.process(theirs)
}
