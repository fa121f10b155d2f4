/* A list of completions below a field that keeps the focus: which one is active, and what taking one makes of the text. */

export function activeOf(list) {
  return list.querySelector("[aria-selected=true]")
}

/** The one so many further on, round and round. */
export function activate(field, list, by) {
  const options = [...list.children]
  const before = Math.max(options.indexOf(activeOf(list)), by < 0 ? 0 : -1)
  choose(field, list, options[(before + by + options.length) % options.length])
}

/** This one is active now, or none. */
export function choose(field, list, active) {
  for (const option of list.children) option.setAttribute("aria-selected", String(option === active))
  if (active) field.setAttribute("aria-activedescendant", active.id)
  else field.removeAttribute("aria-activedescendant")
  active?.scrollIntoView({ block: "nearest" })
}

/** `begin` and `end` count characters as Python does. */
export function taken(text, { dataset: { text: completed, begin, end } }) {
  const letters = [...text]
  const before = letters.slice(0, Number(begin)).join("") + completed
  return { text: before + letters.slice(Number(end)).join(""), place: before.length }
}
