/* What can be done on this page now. A button or a link joins by standing in the head of the page, in the foot of the
   history, or anywhere with `data-palette`, whose value is its name. It must be there, and enabled. */

const JOINED = "[data-palette], .bar a.button, .bar button, .sidebar__link, .sidebar__filter a, .sidebar__account button, .jump"
const LEFT_OUT = "[data-open-palette], [role=option], [data-entry-menu], [disabled], [aria-disabled=true], [hidden], [hidden] *"
const PLACES = [
  ["Write a message", "#message"],
  ["Search conversations", ".sidebar [type=search]"],
  ["Change the system prompt", "[name=system_prompt]"],
  ["Choose a model", "[role=combobox][aria-label=Model]"],
]
const RECENT = "palette-recent"
const MOST_RECENT = 6

/** Each with its `name`, the `group` that it stands in, its `keys`, and how to `run` it. */
export function commandsNow() {
  const found = [...document.querySelectorAll(JOINED)].filter(isThere).map((element) => ({
    name: nameOf(element),
    group: element.matches(".sidebar *") ? "Go to" : "This page",
    keys: element.getAttribute("aria-keyshortcuts") ?? "",
    run: () => element.click(),
  }))
  const names = new Set()
  return [...found, ...places()].filter(({ name }) => name && !names.has(name) && names.add(name))
}

/** What stands in a drawer that is closed is there; only the drawer cannot be closed again. */
function isThere(element) {
  if (element.matches(LEFT_OUT) || element.closest("dialog, [popover]")) return false
  return element.checkVisibility({ visibilityProperty: element.matches("[data-close-drawer]") })
}

function nameOf(element) {
  return (element.dataset.palette || element.getAttribute("aria-label") || element.textContent).trim().replace(/\s+/g, " ")
}

/** Fields that one goes to. */
function places() {
  const there = PLACES.map(([name, where]) => [name, document.querySelector(where)])
  return there.filter(([, field]) => field && isThere(field)).map(([name, field]) => ({ name, group: "This page", keys: "", run: () => field.focus() }))
}

/** Those in which every word stands, those that begin with the first of them before the others. */
export function fitting(commands, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return commands
  const rank = ({ name }) => {
    const low = name.toLowerCase()
    if (!words.every((word) => low.includes(word))) return -1
    return low.startsWith(words[0]) ? 2 : low.includes(` ${words[0]}`) ? 1 : 0
  }
  const ranked = commands.map((command) => [rank(command), command]).filter(([points]) => points >= 0)
  return ranked.sort(([a], [b]) => b - a).map(([, command]) => command)
}

/** Names of commands, the newest first. No word of a conversation is kept. */
export function recentNames() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? []
  } catch {
    return []
  }
}

export function remember(name) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([name, ...recentNames().filter((each) => each !== name)].slice(0, MOST_RECENT)))
  } catch {
    // A browser that keeps nothing has no recent ones.
  }
}
