/* The foot of the composer: what sending would take, as it is typed, and what the conversation has taken so far. */

import { hear, later } from "lib/dom"
import { estimate, inDollars, knownFrom, typedIn } from "lib/estimate"
import { pageFrom } from "lib/fetched"
import { settingsForm, settingsNow } from "lib/settings-now"
import { threadOf } from "lib/thread"

const DRAW_AFTER_MS = 100
const ASK_AFTER_MS = 150
const CHANGING = ["answer-ended", "branch-changed", "content-added"]

export function mountEstimate(foot) {
  const form = document.getElementById("composer")
  const draw = later(() => show(foot, form), DRAW_AFTER_MS)
  const ask = later(() => refresh(foot, form), ASK_AFTER_MS)
  const isOurs = (field) => [form, settingsForm()].includes(field.form)
  hear(foot, "input", ({ target }) => {
    if (!target.form || !isOurs(target)) return
    if (target.name === "budget") ask()
    else draw()
  })
  hear(foot, "sent", draw)
  for (const name of CHANGING) hear(foot, name, ask)
  refresh(foot, form)
}

/** With the model and the budget as they are in the page. Without a connection what is known stays. */
async function refresh(foot, form) {
  const asked = (foot.asked = {})
  const [query, set] = [new URLSearchParams(), settingsNow()]
  for (const name of ["provider", "model", "budget"]) if (set.has(name)) query.set(name, set.get(name))
  const page = await pageFrom(`${foot.dataset.url}?${query}`)
  const drawn = page?.querySelector("[data-sent]")
  if (!drawn || foot.asked !== asked) return // The next event asks again.
  const open = foot.querySelector(":popover-open")
  foot.replaceChildren(drawn)
  const thread = threadOf(foot)
  if (thread) thread.dataset.goesOn = drawn.dataset.goesOn
  show(foot, form)
  if (open) foot.querySelector("[popover]").showPopover()
}

function show(foot, form) {
  const said = foot.firstElementChild?.dataset
  if (!said || !foot.isConnected) return
  const known = knownFrom(said)
  const place = form.querySelector("[data-estimate]")
  const found = estimate(known, [...typedIn(form), settingsNow().get("system_prompt") ?? ""])
  place.hidden = !found
  place.classList.toggle("composer__estimate--over", Boolean(found?.tooMany))
  place.textContent = found ? words(found, known.context, said.model) : ""
}

function words({ tokens, cost, tooMany }, context, model) {
  const count = `~${tokens.toLocaleString("en")} tokens in`
  if (tooMany) return `${count}: more than the ${context.toLocaleString("en")} that ${model} takes`
  return cost > 0 ? `${count} · ~${inDollars(cost)}` : count
}
