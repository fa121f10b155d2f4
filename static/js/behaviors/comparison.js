/* A comparison: keeps its panes in order, its figures fresh, the keys between panes, and the estimate for all of them. */

import { hear, later, tell } from "lib/dom"
import { isDone, pageFrom, responseFrom } from "lib/fetched"
import { isGone } from "lib/gone"
import { dropOldRefusals } from "lib/old-refusals"
import { showEstimate } from "lib/pane-estimate"
import { scrollTogether } from "lib/pane-scrolling"
import { drawSwitch, markShown, narrow } from "lib/pane-switch"
import { boxOf, goBetween, goTo, maximise, showWhatIsLeft, toggleMaximised } from "lib/pane-view"
import { arrange, panesOf, renumber, replaceById, showLink } from "lib/panes"
import { socket } from "lib/socket"
import { toast } from "lib/toasts"

const REFRESH_AFTER_MS = 150
const TRY_AGAIN_MS = 1000
const CHANGING = ["answer-ended", "round-changed", "branch-changed", "panes-arranged", "pane-model-saved", "settings-saved"]

export function mountComparison(root) {
  const field = root.querySelector("#message")
  const draw = () => {
    drawSwitch(root)
    showEstimate(root, field)
  }
  const refresh = later(() => refreshFigures(root), REFRESH_AFTER_MS)
  for (const name of CHANGING) hear(root, name, refresh)
  hear(root, "input", ({ target }) => target.form === field.form && showEstimate(root, field))
  hear(root, "sent", () => showEstimate(root, field))
  hear(root, "links-changed", draw)
  hear(root, "link-saved", () => (root.asked = null)) // What was asked for before still tells of the old one.
  hear(root, "htmx:after:swap", () => nameTab(root.querySelector("h1")))
  for (const [name, target] of [["running-changed"], ["change", narrow]]) hear(root, name, () => drawSwitch(root), undefined, target)
  keepPanes(root, draw)
  hear(root, "round-changed", ({ detail }) => {
    for (const [conversation, version] of Object.entries(detail.versions)) tell("branch-changed", { conversation, version })
  })
  hear(root, "maximise", ({ detail }) => toggleMaximised(root, detail.pane))
  hear(root, "pane-chosen", ({ detail }) => goTo(root, detail.pane))
  hear(root, "keydown", (event) => goBetween(event, root))
  boxOf(root).addEventListener("scroll", () => markShown(root), { passive: true })
  new ResizeObserver(() => markShown(root)).observe(boxOf(root))
  scrollTogether(root)
  dropOldRefusals(root.querySelector("#composer [data-errors]"))
  renumber(root)
  queueMicrotask(draw)
}

/** Not while it is renamed: then its place is taken by a field. */
function nameTab(heading) {
  if (heading) document.title = `${heading.textContent} · Playground`
}

/** One change after the other, whether it was made here or in another tab. */
function keepPanes(root, draw) {
  let last = Promise.resolve()
  /** `work` says whether it was done: what could not be fetched is asked for again. */
  const change = (work) =>
    (last = last.then(work).then((done) => {
      if (!done) setTimeout(() => root.isConnected && change(() => catchUp(root)), TRY_AGAIN_MS)
      showWhatIsLeft(root)
      draw()
      tell("panes-arranged")
    }, (error) => console.error(error)))
  hear(root, "panes-changed", ({ detail }) => change(async () => show(root, await arrange(root, detail.order))))
  const { comparison, version } = root.dataset
  const follow = () => socket.follow("comparison", comparison, Number(version), () => afterOurs(() => change(() => catchUp(root))))
  follow()
  // The server tells nothing more of what was deleted. What takes a message is there again.
  for (const name of ["brought-back", "sent"]) hear(root, name, () => {
    if (root.isLost) follow()
    root.isLost = false
  })
}

/** What this page asked for it hears of twice. Its own answer comes first: that one says what to look at. */
function afterOurs(act) {
  if (!document.querySelector(".htmx-request")) return act()
  document.addEventListener("htmx:finally:request", () => setTimeout(() => afterOurs(act)), { once: true })
}

function show(root, { added, missing }) {
  if (document.activeElement === document.body) root.querySelector("#message").focus()
  if (added.length) showAdded(root, added)
  return !missing
}

function showAdded(root, added) {
  tell("content-added")
  maximise(root, null)
  goTo(root, added.at(-1))
  tell("announce", { words: `${added.at(-1).dataset.name} added` })
}

async function catchUp(root) {
  root.isLost = isGone(location.pathname)
  if (root.isLost) return true
  const response = await responseFrom(root.dataset.orderUrl)
  if (!response || response.status >= 500) return false
  root.isLost = response.status === 404
  if (root.isLost) toast("This comparison was deleted in another tab.")
  if (!isDone(response)) return true
  const { order } = await response.json()
  const { gone, added, missing } = await arrange(root, order)
  for (const pane of gone) if (!isOurDoing(pane)) toast(`${pane.dataset.name} was removed in another tab.`)
  if (added.length) tell("content-added")
  return !missing
}

/** Removed here, or its chat was deleted here. */
function isOurDoing(pane) {
  return "leaving" in pane.dataset || isGone(`/c/${pane.dataset.conversation}/`)
}

/** Without a connection what is known stays, and the next event asks again. */
async function refreshFigures(root) {
  if (isGone(location.pathname)) return
  const asked = (root.asked = {})
  const page = await pageFrom(root.dataset.figuresUrl)
  if (!page || root.asked !== asked || !root.isConnected) return
  replaceById(page)
  for (const pane of panesOf(root))
    for (const link of pane.querySelectorAll("[data-link]")) showLink(pane, link.dataset.link, link.ariaPressed === "true")
  tell("links-changed")
}
