/* The models in the picker: what is known of each stands in an array, so that filtering is one pass over it. */

import { pageOrWords } from "lib/fetched"

const UNLOADED = {
  unreached: "The list of models could not be loaded: there is no connection to the server.",
  refused: "The server could not make the list of models.",
}

export class ModelList {
  constructor(box) {
    this.box = box
    this.rows = []
    this.groups = []
    this.active = null
    this.typed = typedOption(`${box.id}-typed`)
  }

  /** Once, until `forget`: whoever asks meanwhile waits for the same answer. Throws in words for people. */
  load(url) {
    return (this.loading ??= this.#fetch(url).catch((error) => {
      this.loading = null
      throw error
    }))
  }

  forget() {
    this.loading = null
  }

  /** Shows what holds every word, and what was typed itself, to be asked of `asker`, if no list has it. */
  filter(text, asker = {}) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean)
    const filled = new Set()
    for (const row of this.rows) {
      const shown = words.every((word) => row.about.includes(word))
      if (shown) filled.add(row.group)
      if (shown === row.option.hidden) row.option.hidden = !shown
    }
    for (const group of this.groups) group.hidden = !filled.has(group)
    this.#offer(text.trim(), asker)
  }

  get shown() {
    return [...this.rows.map((row) => row.option), this.typed].filter((option) => !option.hidden)
  }

  /** The model of this very id before those that only hold it. */
  best(text) {
    const id = text.trim().toLowerCase()
    const same = this.rows.find(({ option }) => !option.hidden && option.dataset.model.toLowerCase() === id)
    return same?.option ?? this.shown[0] ?? null
  }

  find({ provider, model }) {
    const found = this.rows.filter(({ option }) => option.dataset.model === model)
    return (found.find(({ option }) => option.dataset.provider === provider) ?? found[0])?.option ?? null
  }

  mark({ provider, model }) {
    for (const { option } of this.rows) {
      const chosen = String(option.dataset.model === model && option.dataset.provider === provider)
      if (option.getAttribute("aria-selected") !== chosen) option.setAttribute("aria-selected", chosen)
    }
  }

  activate(option) {
    this.active?.classList.remove("picker__option--active")
    this.active = option
    option?.classList.add("picker__option--active")
    option?.scrollIntoView({ block: "nearest" })
  }

  /** The option so many places on, around the end. */
  beside(by) {
    const { shown } = this
    return shown[(shown.indexOf(this.active) + by + shown.length) % shown.length] ?? null
  }

  async #fetch(url) {
    const page = await pageOrWords(url, UNLOADED)
    this.active = null
    this.box.replaceChildren(...page.body.children, this.typed)
    this.groups = [...this.box.querySelectorAll("[data-group]")]
    this.rows = this.groups.flatMap((group) => [...group.querySelectorAll("[role=option]")].map((option) => rowOf(option, group)))
    this.rows.forEach(({ option }, number) => (option.id = `${this.box.id}-${number}`))
    this.groups.forEach((group, number) => this.#nameGroup(group, `${this.box.id}-group-${number}`))
  }

  /** A page may have several pickers, each with its list. */
  #nameGroup(group, id) {
    group.querySelector(".picker__heading").id = id
    group.setAttribute("aria-labelledby", id)
  }

  #offer(text, { provider, providerName }) {
    const listed = this.rows.some(({ option }) => option.dataset.model === text)
    this.typed.hidden = !text || listed || !provider || !this.typed.isConnected
    if (this.typed.hidden) return
    Object.assign(this.typed.dataset, { provider, providerName, model: text })
    this.typed.textContent = `Ask ${providerName} for “${text}”, which no list has`
  }
}

function rowOf(option, group) {
  const { model, providerName, label = "" } = option.dataset
  const can = option.querySelector(".picker__can").textContent
  return { option, group, about: `${model} ${providerName} ${label} ${can}`.toLowerCase() }
}

function typedOption(id) {
  const option = document.createElement("div")
  option.className = "picker__option picker__option--typed"
  option.id = id
  option.role = "option"
  option.ariaSelected = "false"
  option.hidden = true
  return option
}
