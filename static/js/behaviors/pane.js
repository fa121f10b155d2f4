/* One pane of a comparison: its menu, its place, its links, its model, and stopping it alone. */

import { formToken, hear, refusal, tell } from "lib/dom"
import { mountMenu } from "lib/menu"
import { showLink } from "lib/panes"

const PLACE = "application/x-pane"

export function mountPane(pane) {
  mountMenu(pane)
  if (pane.querySelector("[data-handle]")) mountPlace(pane)
  pane.addEventListener("click", ({ target }) => {
    const link = target.closest("[data-link]")
    if (link) changeLink(pane, link)
    const opener = target.closest("[data-open-settings]")
    if (opener) tell("open-pane-settings", { opener })
    if (target.closest("[data-stop-pane]")) stop(pane)
    if (target.closest("[data-maximise]")) tell("maximise", { pane })
  })
  pane.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => target.matches("[data-remove]") && ctx.response.raw.ok && leave(pane, target))
  hear(pane, "running-changed", ({ detail }) => detail.conversation === pane.dataset.conversation && showRunning(pane, detail.generations))
  hear(pane, "model-chosen", ({ detail }) => detail.conversation === pane.dataset.conversation && saveModel(pane))
}

/** By our own hands: nobody needs to be told, and it is not asked for once more. */
function leave(pane, button) {
  pane.dataset.leaving = ""
  button.disabled = true
}

/** What cannot be done is said in the pane that it was asked of, until something can. */
async function ask(pane, method, url, values) {
  const body = values && new URLSearchParams(values)
  const headers = { "X-CSRFToken": formToken(), "HX-Request": "true" }
  const response = await fetch(url, { method, headers, body }).catch(() => null)
  const done = response?.ok && !response.redirected
  pane.querySelector("[data-errors]").replaceChildren(...(done ? [] : [await whyNot(response)]))
  return done ? response : null
}

async function whyNot(response) {
  if (!response) return refusal("Not done: there is no connection to the server. Try again.")
  if (response.redirected) return refusal("You are signed out, and nothing was done. Reload the page to sign in.")
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  return page.querySelector(".refusal") ?? refusal("Not done. Reload the page: this pane may not be there any more.")
}

// Its place among the others

function mountPlace(pane) {
  const handle = pane.querySelector("[data-handle]")
  handle.addEventListener("dragstart", ({ dataTransfer }) => dataTransfer.setData(PLACE, pane.dataset.pane))
  pane.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes(PLACE)) return
    event.preventDefault()
    pane.dataset.dropHere = ""
  })
  for (const name of ["dragleave", "drop", "dragend"]) pane.addEventListener(name, () => delete pane.dataset.dropHere)
  pane.addEventListener("drop", (event) => {
    const moved = document.getElementById(`pane-${event.dataTransfer.getData(PLACE)}`)
    if (!moved || moved === pane) return
    event.preventDefault()
    moveTo(moved, placeOf(pane))
  })
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    moveBy(pane, by, handle)
  })
  pane.addEventListener("click", ({ target }) => {
    const by = target.closest("[data-move]")?.dataset.move
    if (by) moveBy(pane, Number(by), pane.querySelector("[data-open-menu]"))
  })
}

const placeOf = (pane) => [...pane.parentElement.querySelectorAll("[data-pane]")].indexOf(pane)

async function moveBy(pane, by, focused) {
  const place = placeOf(pane) + by
  if (place < 0 || place >= pane.parentElement.querySelectorAll("[data-pane]").length) return
  await moveTo(pane, place)
  focused.focus()
}

async function moveTo(pane, place) {
  const response = await ask(pane, "POST", `/panes/${pane.dataset.pane}/place/`, { place })
  if (!response) return
  tell("panes-changed", JSON.parse(response.headers.get("HX-Trigger"))["panes-changed"])
  tell("announce", { words: `Moved: now ${pane.dataset.name}` })
}

// What it shares with the linked panes

async function changeLink(pane, link) {
  const linked = link.getAttribute("aria-pressed") !== "true"
  const values = { link: link.dataset.link, linked: linked ? "on" : "" }
  if (!(await ask(pane, "POST", link.dataset.url, values))) return
  showLink(pane, link.dataset.link, linked)
  tell("link-saved")
  tell("links-changed")
}

// Its model, and what runs in it

/** Saved when it is chosen: what is asked next asks the model that stands there. */
async function saveModel(pane) {
  const values = {}
  for (const name of ["provider", "model"]) values[name] = pane.querySelector(`[data-field="${name}"]`).value
  if (await ask(pane, "POST", `/c/${pane.dataset.conversation}/settings/`, values)) tell("pane-model-saved", { conversation: pane.dataset.conversation })
}

function showRunning(pane, generations) {
  pane.generations = generations
  const button = pane.querySelector("[data-stop-pane]")
  const wasThere = document.activeElement === button
  button.hidden = !generations.length
  if (wasThere && button.hidden) pane.focus({ preventScroll: true })
}

function stop(pane) {
  for (const generation of pane.generations ?? []) ask(pane, "DELETE", `/generations/${generation}/`)
}
