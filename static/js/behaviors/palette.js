/* Ctrl+K: every command of the page, and the conversations that a word finds. */

import { showDialog } from "lib/dialogs"
import { hear, later, tell } from "lib/dom"
import { isDone, pageFrom, pageIn, responseFrom } from "lib/fetched"
import { commandsNow, fitting, recentNames, remember } from "lib/palette"

const QUIET_MS = 120
const MOST_CONVERSATIONS = 8
const RECENT_CONVERSATIONS = 5

export function mountPalette(dialog) {
  const palette = new Palette(dialog)
  hear(dialog, "keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (dialog.open) dialog.close()
    else palette.open()
  })
  hear(dialog, "click", ({ target }) => target.closest("[data-open-palette]") && palette.open())
  palette.field.addEventListener("input", () => palette.typed())
  palette.field.addEventListener("keydown", (event) => palette.pressed(event))
  palette.list.addEventListener("click", ({ target, ctrlKey, metaKey }) => palette.take(target.closest("[role=option]"), ctrlKey || metaKey))
  palette.list.addEventListener("pointermove", ({ target }) => palette.activate(target.closest("[role=option]")))
  // The field keeps the focus.
  palette.list.addEventListener("pointerdown", (event) => event.preventDefault())
}

class Palette {
  constructor(dialog) {
    this.dialog = dialog
    this.field = dialog.querySelector("[role=combobox]")
    this.list = dialog.querySelector("[role=listbox]")
    this.none = dialog.querySelector(".palette__none")
    this.status = dialog.querySelector("[role=status]")
    this.runs = new Map()
    this.lookLater = later(() => this.look(), QUIET_MS)
  }

  open() {
    showDialog(this.dialog)
    if (!this.dialog.open) return
    this.field.value = ""
    this.conversations = recentConversations()
    this.commands = commandsNow()
    this.show()
    this.addActs()
  }

  /** What the menu of the conversation holds now, as the server knows it. */
  async addActs() {
    const opener = document.querySelector(".bar [data-entry-menu]")
    const page = opener && (await pageFrom(opener.dataset.entryMenu))
    if (!page || !this.dialog.open) return
    const acts = [...page.querySelectorAll("[role=menuitem]")].map((item) => ({
      name: item.textContent.trim(), keys: item.getAttribute("aria-keyshortcuts") ?? "",
    }))
    const known = new Set(["Rename…", ...this.commands.map(({ name }) => name)])
    this.commands.push(...acts.filter(({ name }) => !known.has(name)).map(({ name, keys }) => (
      { name, group: "This page", keys, run: () => tell("entry-act", { opener, name }) }
    )))
    this.show()
  }

  typed() {
    this.asking?.abort()
    const typed = this.field.value.trim()
    this.conversations = typed ? [] : recentConversations()
    this.show()
    if (typed) this.lookLater()
  }

  async look() {
    const typed = this.field.value.trim()
    if (!typed || !this.dialog.open) return
    const { signal } = (this.asking = new AbortController())
    const response = await responseFrom(`${this.dialog.dataset.search}?${new URLSearchParams({ q: typed, typing: 1 })}`, { signal })
    if (!isDone(response) || signal.aborted) return
    const page = await pageIn(response).catch(() => null)
    if (!page || signal.aborted) return
    this.conversations = [...page.querySelectorAll(".search-entry")].slice(0, MOST_CONVERSATIONS).map(asConversation)
    this.show()
  }

  show() {
    const active = this.active()?.dataset.name
    const typed = this.field.value.trim()
    this.runs.clear()
    const shown = fitting(this.commands, typed)
    this.list.replaceChildren(...(typed ? this.found(shown) : this.all(shown)).filter(Boolean))
    const options = this.options()
    this.none.hidden = options.length > 0
    this.activate(options.find(({ dataset }) => dataset.name === active && typed) ?? options[0])
    this.status.textContent = typed ? `${options.length} found` : ""
  }

  /** The best of each first: commands are few and near, conversations are many. */
  found(commands) {
    return [this.group("Commands", commands), this.group("Conversations", this.conversations)]
  }

  all(commands) {
    const recent = recentNames().map((name) => commands.find((command) => command.name === name)).filter(Boolean)
    const rest = commands.filter((command) => !recent.includes(command))
    const of = (name) => rest.filter(({ group }) => group === name)
    return [
      this.group("Recent", recent), this.group("This page", of("This page")),
      this.group("Recent conversations", this.conversations), this.group("Go to", of("Go to")),
    ]
  }

  group(words, commands) {
    if (!commands.length) return null
    const [group, heading] = [document.createElement("div"), document.createElement("p")]
    heading.className = "palette__head"
    heading.textContent = words
    heading.ariaHidden = "true"
    group.role = "group"
    group.ariaLabel = words
    group.append(heading, ...commands.map((command) => this.option(command)))
    return group
  }

  option(command) {
    const [option, name] = [document.createElement("div"), document.createElement("span")]
    option.role = "option"
    option.className = "palette__option"
    option.id = `palette-${this.runs.size}`
    option.dataset.name = command.name
    option.ariaSelected = "false"
    name.className = "palette__name"
    name.textContent = command.name
    option.append(name)
    if (command.about || command.keys) {
      const about = document.createElement(command.about ? "small" : "kbd")
      about.textContent = command.about || command.keys
      option.append(about)
    }
    this.runs.set(option.id, command)
    return option
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")]
  }

  active() {
    return this.list.querySelector("[aria-selected=true]")
  }

  activate(option) {
    if (option === null) return
    this.active()?.setAttribute("aria-selected", "false")
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    if (option) this.field.setAttribute("aria-activedescendant", option.id)
    else this.field.removeAttribute("aria-activedescendant")
  }

  pressed(event) {
    const options = this.options()
    const at = options.indexOf(this.active())
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault()
      this.take(options[at], event.ctrlKey || event.metaKey)
    }
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, options.length - 1), PageUp: Math.max(at - 8, 0) }[event.key]
    if (to === undefined || !options.length) return
    event.preventDefault()
    this.activate(options[(to + options.length) % options.length])
  }

  take(option, apart = false) {
    const command = option && this.runs.get(option.id)
    if (!command) return
    this.dialog.close()
    if (command.href) return apart ? window.open(command.href, "_blank", "noopener") : location.assign(command.href)
    remember(command.name)
    command.run()
  }
}

/** The newest in the list beside the page, without the one that is open. */
function recentConversations() {
  const links = [...document.querySelectorAll("#history-list a.conversation:not([aria-current])")].slice(0, RECENT_CONVERSATIONS)
  return links.map((link) => ({ name: link.querySelector(".conversation__title").textContent, href: link.getAttribute("href") }))
}

function asConversation(entry) {
  const [title, hit] = [entry.querySelector(".search-hit--title"), entry.querySelector(".search-hit:not(.search-hit--title)")]
  const name = title.querySelector(".search-hit__title").textContent.trim()
  return { name, about: hit?.querySelector(".search-hit__text").textContent.trim() ?? "", href: (hit ?? title).getAttribute("href") }
}
