/* What changed since the last answer, in the server's words: a line at the head, and a mark at each parameter. */

import { hear } from "lib/dom"
import { pageFrom } from "lib/fetched"
import { isGone } from "lib/gone"

const ASK_AFTER_MS = 60

export function mountSince(panel) {
  if (!panel.dataset.sinceUrl) return
  const ask = () => {
    clearTimeout(panel.asking)
    panel.asking = setTimeout(() => refresh(panel), ASK_AFTER_MS)
  }
  hear(panel, "settings-saved", ask)
  hear(panel, "htmx:after:swap", ask)
  ask()
}

async function refresh(panel) {
  const { sinceUrl } = panel.dataset
  if (!panel.isConnected || [sinceUrl.replace("since/", ""), location.pathname].some(isGone)) return
  const told = await pageFrom(sinceUrl)
  if (!told) return
  const changed = [...told.querySelectorAll("[data-changed]")].map(({ dataset }) => [dataset.changed, dataset.was])
  mark(panel, new Map(changed))
  show(panel.querySelector("[data-since]"), told.querySelector("details"))
}

function show(place, details) {
  const before = place.querySelector("details")
  if (before?.outerHTML === details?.outerHTML) return
  if (details && before) details.open = before.open
  place.replaceChildren(...(details ? [details] : []))
}

function mark(panel, changed) {
  for (const row of panel.querySelectorAll("[data-parameter]")) {
    const was = changed.get(row.dataset.parameter)
    row.toggleAttribute("data-changed", was !== undefined)
    row.title = was === undefined ? "" : `In the last answer: ${was}`
  }
}
