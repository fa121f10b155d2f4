/* A list of rows is renewed by what the server says now: who reads it, or stands in it, is left where they are. */

/** `rows` names the elements by which two lists are told apart. What is the same stays the very element it was. */
export function renewRows(list, html, rows) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body
  const [theirs, ours] = [fresh, list].map((place) => [...place.querySelectorAll(rows)])
  const same = theirs.length && theirs.length === ours.length && theirs.every((each, number) => nameOf(each) === nameOf(ours[number]))
  if (same) return theirs.forEach((each, number) => each.id && renew(ours[number], each))
  const place = placeOf(list)
  const there = new Map(ours.filter(({ id }) => id).map((row) => [row.id, row]))
  for (const row of theirs) if (isSame(there.get(row.id), row)) row.replaceWith(there.get(row.id))
  list.replaceChildren(...fresh.childNodes)
  window.htmx?.process(list)
  goBack(list, place)
}

/** Of a row or of the heading above it: one that is pinned may keep its place, and stands under another heading. */
const nameOf = (element) => element?.id || element?.textContent

const keyOf = (row) => row?.querySelector("a")?.outerHTML + row?.dataset.pinned + row?.dataset.archived + (row?.querySelector(".entry__about")?.textContent ?? "")
const isSame = (ours, theirs) => Boolean(ours) && keyOf(ours) === keyOf(theirs)

function renew(ours, theirs) {
  if (isSame(ours, theirs)) return
  const [before, after] = [ours, theirs].map((row) => row.querySelector("a"))
  if (ours.contains(document.activeElement)) {
    before.replaceChildren(...after.childNodes)
    for (const name of ["pinned", "archived"]) ours.dataset[name] = theirs.dataset[name]
    return
  }
  ours.replaceWith(theirs)
  window.htmx?.process(theirs)
}

/** The row at the top of what is seen, and who stands in the list. */
function placeOf(list) {
  const scroller = scrollerOf(list)
  const edge = scroller.getBoundingClientRect().top
  const first = scroller.scrollTop > 0 && [...list.querySelectorAll("[id]")].find((row) => row.getBoundingClientRect().bottom > edge)
  const focus = list.contains(document.activeElement) ? document.activeElement : null
  return {
    first: first?.id, offset: first ? first.getBoundingClientRect().top - edge : 0, top: scroller.scrollTop, focus,
    row: focus?.closest("[id]")?.id, label: focus?.getAttribute("aria-label"),
  }
}

function goBack(list, { first, offset, top, focus, row, label }) {
  const scroller = scrollerOf(list)
  const anchor = first && document.getElementById(first)
  scroller.scrollTop = top
  if (anchor) scroller.scrollTop += anchor.getBoundingClientRect().top - scroller.getBoundingClientRect().top - offset
  if (!focus) return
  if (focus.isConnected) return focus.focus({ preventScroll: true })
  const again = list.querySelector(`[aria-label="${CSS.escape(label ?? "")}"]`) ?? document.getElementById(row)?.querySelector("a")
  again?.focus({ preventScroll: true })
}

/** What scrolls it: the page, itself, or in a low window all that stands beside the page. */
export function scrollerOf(list) {
  const isWhole = getComputedStyle(list).overflowY === "visible"
  return list.closest(".page__scroll") ?? (isWhole ? list.closest(".sidebar") : null) ?? list
}
