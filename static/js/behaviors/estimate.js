/* The foot of the composer: what sending would take, as it is typed, and what the conversation has taken so far. */

import { hear } from "lib/dom"
import { estimate, inDollars } from "lib/estimate"

const DRAW_AFTER_MS = 100
const ASK_AFTER_MS = 150
const CHANGING = ["answer-ended", "branch-changed", "content-added"]

export function mountEstimate(foot) {
  const form = document.getElementById("composer")
  const draw = later(() => show(foot, form), DRAW_AFTER_MS)
  const ask = later(() => refresh(foot, form), ASK_AFTER_MS)
  hear(foot, "input", ({ target }) => {
    if (target.form !== form) return
    if (target.name === "budget") ask()
    else draw()
  })
  hear(foot, "sent", draw)
  for (const name of CHANGING) hear(foot, name, ask)
  refresh(foot, form)
}

function later(act, ms) {
  let timer
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, ms)
  }
}

/** With the model and the budget as they are in the page. Without a connection what is known stays. */
async function refresh(foot, form) {
  const asked = (foot.asked = {})
  const query = new URLSearchParams()
  for (const name of ["provider", "model", "budget"]) if (form.elements[name]) query.set(name, form.elements[name].value)
  try {
    const response = await fetch(`${foot.dataset.url}?${query}`)
    if (!response.ok) return
    const drawn = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-sent]")
    if (!drawn || foot.asked !== asked) return
    const open = foot.querySelector(":popover-open")
    foot.replaceChildren(drawn)
    show(foot, form)
    if (open) foot.querySelector("[popover]").showPopover()
  } catch {
    // The next event asks again.
  }
}

function show(foot, form) {
  const known = knownIn(foot)
  if (!known || !foot.isConnected) return
  const place = form.querySelector("[data-estimate]")
  const found = estimate(known, [form.elements.message.value, form.elements.system_prompt?.value ?? ""])
  place.hidden = !found
  place.classList.toggle("composer__estimate--over", Boolean(found?.tooMany))
  place.textContent = found ? words(found, known) : ""
}

function words({ tokens, cost, tooMany }, known) {
  const count = `~${tokens.toLocaleString("en")} tokens in`
  if (tooMany) return `${count}: more than the ${known.context.toLocaleString("en")} that ${known.model} takes`
  return cost > 0 ? `${count} · ~${inDollars(cost)}` : count
}

function knownIn(foot) {
  const data = foot.firstElementChild?.dataset
  return data && {
    sent: Number(data.sent),
    around: Number(data.around),
    bytesPerToken: Number(data.bytesPerToken),
    price: Number(data.price ?? 0),
    context: Number(data.context ?? 0),
    model: data.model,
  }
}
