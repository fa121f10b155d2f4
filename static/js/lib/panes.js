/* The panes of a comparison: their order, their numbers, and which of them the composer feeds. */

import { pageFrom } from "lib/fetched"

export const panesOf = (root) => [...root.querySelectorAll("[data-pane]")]

export const fedOf = (root) => panesOf(root).filter((pane) => "fed" in pane.dataset)

/** The panes that are to be there, in this order: others go, and those that are missing are fetched. Returns both, and
    whether one could not be fetched. */
export async function arrange(root, order) {
  const gone = panesOf(root).filter((pane) => !order.includes(pane.dataset.pane))
  const there = new Set(panesOf(root).map((pane) => pane.dataset.pane))
  const fetched = await Promise.all(order.filter((id) => !there.has(id)).map(fetchPane))
  const [added, missing] = [fetched.filter((pane) => pane && !document.getElementById(pane.id)), fetched.includes(null)]
  for (const pane of gone) pane.remove()
  root.querySelector("[data-panes]").append(...added)
  for (const pane of added) window.htmx?.process(pane)
  putInOrder(root, order)
  return { gone, added, missing }
}

/** Null if it is not there any more, or there is no connection. */
async function fetchPane(id) {
  const page = await pageFrom(`/panes/${id}/`)
  return page && document.adoptNode(page.querySelector("[data-pane]"))
}

/** A node that is moved loses where it was scrolled to, unless the browser can move it whole. */
function putInOrder(root, order) {
  const box = root.querySelector("[data-panes]")
  order.map((id) => document.getElementById(`pane-${id}`)).filter(Boolean).forEach((pane, number) => {
    const there = box.children[number]
    if (there === pane) return
    const scroller = pane.querySelector(".pane__messages")
    const { scrollTop } = scroller
    if (box.moveBefore && pane.parentElement === box) box.moveBefore(pane, there)
    else box.insertBefore(pane, there)
    scroller.scrollTop = scrollTop
  })
  renumber(root)
}

/** Wherever a pane is called by its number. */
export function renumber(root) {
  panesOf(root).forEach((pane, index) => {
    const [before, name] = [pane.dataset.name, `Pane ${index + 1}`]
    const handle = pane.querySelector("[data-handle]") // A blind one has none.
    if (handle) handle.textContent = index + 1
    if (before === name) return
    pane.dataset.name = name
    for (const element of [pane, ...pane.querySelectorAll("[aria-label]")]) {
      const label = element.getAttribute("aria-label")
      if (/pane \d+$/i.test(label)) element.setAttribute("aria-label", label.replace(/\d+$/, index + 1))
    }
  })
}

const SHOWN_BY = { input: "fed", scrolling: "scrollsAlong" }

/** Whether a pane shares this with the linked ones. A blind one does not show all of its links. */
export function showLink(pane, name, linked) {
  pane.querySelector(`[data-link="${name}"]`)?.setAttribute("aria-pressed", String(linked))
  const mark = SHOWN_BY[name]
  if (mark && linked) pane.dataset[mark] = ""
  else if (mark) delete pane.dataset[mark]
}

/** What stands in the page under the same id is replaced, where it is another. Who stands on something in it stays. */
export function replaceById(page) {
  for (const fresh of page.querySelectorAll("[id]")) {
    const there = document.getElementById(fresh.id)
    if (!there || there.outerHTML === fresh.outerHTML) continue
    const held = there.contains(document.activeElement)
    const place = [...there.querySelectorAll("a, button")].indexOf(document.activeElement)
    there.replaceWith(document.adoptNode(fresh))
    const controls = fresh.querySelectorAll("a, button")
    if (held) (controls[place] ?? controls[0])?.focus({ preventScroll: true })
  }
}
