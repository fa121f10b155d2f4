/* The same part of a page, drawn anew: who types in a field goes on typing, and what is open stays open. */

export function standIn(place, fresh) {
  const [field, sections] = [document.activeElement, openIn(place)]
  const name = place.contains(field) && nameOf(field)
  const caret = name && [field.selectionStart, field.selectionEnd]
  place.replaceChildren(fresh)
  place.querySelectorAll("details").forEach((section, number) => (section.open = sections[number] ?? section.open))
  const again = name && place.querySelector(name)
  if (again) takeHands(again, field, caret)
}

/** A number tells no caret: it goes to the end, which is where a value that is written goes. */
function takeHands(again, field, caret) {
  again.focus({ preventScroll: true })
  if (!again.matches("input, textarea")) return
  for (const value of ["", field.value]) again.value = value
  if (Number.isInteger(caret[0])) again.setSelectionRange(...caret)
}

const openIn = (place) => [...place.querySelectorAll("details")].map(({ open }) => open)

function nameOf(element) {
  for (const name of ["name", "aria-label"]) if (element.hasAttribute(name)) return `[${name}="${CSS.escape(element.getAttribute(name))}"]`
  return element.id && `#${CSS.escape(element.id)}`
}
