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

/** `begin` and `end` count letters, as Python does. What was typed since it was asked for is a part of what it completes. */
export function taken(text, at, { dataset }) {
  const letters = [...text]
  const [begin, end, now] = [Number(dataset.begin), Number(dataset.end), lettersIn(text.slice(0, at))]
  const goesOn = now > end && !/\s/.test(letters.slice(end, now).join(""))
  const before = letters.slice(0, begin).join("") + dataset.text
  return { text: before + letters.slice(goesOn ? now : end).join(""), place: before.length }
}

export function lettersIn(text) {
  return [...text].length
}
