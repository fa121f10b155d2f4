/* Choosing a model: type part of its id, take it with Enter or a click. An id that no list has is taken as typed.
   Before a switch drops something that is in use, it says what, and asks. */

import { hear, tell } from "lib/dom"
import { ModelList } from "lib/model-list"
import { setPinned } from "lib/pins"
import { postSettings } from "lib/settings-now"
import { conversationOf, threadOf } from "lib/thread"

const CLOSE_AFTER_MS = 120
const LOOK_AFTER_MS = 150

export function mountPicker(root) {
  const picker = new Picker(root)
  listenToField(picker)
  listenToPopup(picker)
  hear(root, "choose-model", ({ detail }) => detail.thread === threadOf(root) && tell("model-awaited", { choice: picker.chooseNamed(detail.model) }))
  hear(root, "pins-changed", () => picker.reload())
  hear(root, "sent", () => picker.list.forget())
}

function listenToField(picker) {
  const { field } = picker
  field.addEventListener("focus", () => field.select())
  for (const name of ["focus", "pointerenter"]) field.addEventListener(name, () => picker.load())
  field.addEventListener("click", () => picker.open())
  field.addEventListener("input", () => picker.search())
  field.addEventListener("keydown", (event) => pressed(event, picker))
}

function listenToPopup(picker) {
  const { popup, list, root } = picker
  // The focus stays where it is: leaving the field closes the list. The list itself is pressed where it scrolls.
  popup.addEventListener("pointerdown", (event) => event.target !== list.box && event.preventDefault())
  list.box.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]")
    if (option) tell("model-awaited", { choice: picker.choose(option) })
  })
  root.addEventListener("focusout", () => setTimeout(() => picker.leave(), CLOSE_AFTER_MS))
  root.querySelector("[data-load-again]").addEventListener("click", () => picker.loadAgain())
  root.querySelector("[data-keep]").addEventListener("click", () => picker.keep())
  root.querySelector("[data-switch]").addEventListener("click", () => picker.switch())
  popup.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    picker.keep()
  })
}

/** Each key acts when the list is there, in the order typed. */
function pressed(event, picker) {
  const act = actionOf(event, picker)
  if (!act || (event.key === "Escape" && !picker.isOpen)) return
  event.preventDefault()
  event.stopPropagation()
  if (event.key === "Escape") return act()
  const done = picker.open().then(act)
  if (event.key === "Enter") tell("model-awaited", { choice: done })
}

function actionOf(event, picker) {
  if (event.altKey) return event.code === "KeyP" && (() => picker.pin())
  return {
    ArrowDown: () => picker.activate(picker.list.beside(1)),
    ArrowUp: () => picker.activate(picker.list.beside(-1)),
    Enter: () => (picker.list.active ? picker.choose(picker.list.active) : picker.hasFailed || picker.close()),
    Escape: () => picker.close(),
  }[event.key]
}

class Picker {
  constructor(root) {
    this.root = root
    this.field = root.querySelector("[role=combobox]")
    this.popup = root.querySelector(".picker")
    this.foot = root.querySelector("[data-foot]")
    this.failed = root.querySelector("[data-failed]")
    this.answer = root.querySelector("[data-answer]")
    this.list = new ModelList(root.querySelector("[role=listbox]"))
    ;[this.provider, this.model] = ["provider", "model"].map((name) => root.querySelector(`[data-field=${name}]`))
  }

  get isOpen() {
    return this.popup.matches(":popover-open")
  }

  get chosen() {
    return { provider: this.provider.value, model: this.model.value, providerName: this.root.querySelector("[data-provider-name]").textContent }
  }

  get conversation() {
    return conversationOf(threadOf(this.root))
  }

  get hasFailed() {
    return !this.failed.hidden
  }

  /** If it does not come, it is said why, and what was there before stays. */
  async load() {
    const failure = await this.list.load(this.root.dataset.url).then(() => "", ({ message }) => message)
    this.failed.hidden = !failure
    this.failed.querySelector("p").textContent = failure
    this.list.mark(this.chosen)
  }

  /** With what was typed, as if it was typed only now. */
  async loadAgain() {
    this.field.focus()
    await this.open()
    if (this.field.value !== this.model.value) await this.search()
  }

  /** Once, however many keys come meanwhile. */
  open() {
    return (this.opening ??= this.#show().finally(() => (this.opening = null)))
  }

  async #show() {
    if (this.isOpen && !this.hasFailed) return
    await this.load()
    this.popup.showPopover()
    this.#place()
    this.field.setAttribute("aria-expanded", "true")
    this.activate(this.list.find(this.chosen))
  }

  #place() {
    const { left, bottom, right } = this.field.getBoundingClientRect()
    this.popup.style.insetInlineStart = `${Math.max(8, Math.min(left, innerWidth - this.popup.offsetWidth - 8, right))}px`
    this.popup.style.insetBlockStart = `${bottom + 4}px`
  }

  close() {
    if (this.isOpen) this.popup.hidePopover()
    this.field.setAttribute("aria-expanded", "false")
    this.field.value = this.model.value
    this.list.filter("")
    this.activate(null)
  }

  /** Not before the list is there: what was typed meanwhile is taken first. */
  async leave() {
    await this.opening
    if (!this.root.contains(document.activeElement)) this.close()
  }

  async search() {
    await this.open()
    this.list.filter(this.field.value, this.chosen)
    this.activate(this.list.best(this.field.value))
  }

  activate(option) {
    this.list.activate(option)
    if (option) this.field.setAttribute("aria-activedescendant", option.id)
    else this.field.removeAttribute("aria-activedescendant")
    this.#forewarn(option)
  }

  // What a switch would drop

  /** For the option that one rests on. */
  #forewarn(option) {
    clearTimeout(this.looking)
    this.#say(null)
    if (!option || !this.isOpen) return
    this.looking = setTimeout(async () => {
      const words = await this.#dropped(option)
      if (option === this.list.active && this.answer.hidden) this.#say(words)
    }, LOOK_AFTER_MS)
  }

  #say(words, { asks = false } = {}) {
    this.foot.hidden = !words
    this.answer.hidden = !asks
    this.foot.querySelector("[data-dropped]").replaceChildren(...(words ? [words] : []))
  }

  /** In the server's words; null if it is nothing, or if nobody can say. */
  async #dropped({ dataset: { provider, model } }) {
    const { chosen } = this
    if (!chosen.model || (provider === chosen.provider && model === chosen.model)) return null
    try {
      const response = await postSettings(this.root.dataset.switchUrl, { of_provider: provider, named: model }, { conversation: this.conversation })
      return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html").querySelector("p") : null
    } catch {
      return null // what is dropped is kept all the same, and the panel says so
    }
  }

  // Choosing

  async choose(option) {
    clearTimeout(this.looking)
    const words = await this.#dropped(option)
    if (!words) return this.#take(option)
    await this.open()
    this.list.activate(option)
    this.#say(words, { asks: true })
    this.root.querySelector("[data-switch]").focus()
  }

  async chooseNamed(name) {
    await this.load()
    const option = this.list.find({ model: name })
    if (option) await this.choose(option)
  }

  switch() {
    this.field.focus()
    this.#take(this.list.active)
  }

  keep() {
    this.field.focus()
    this.close()
  }

  #take({ dataset }) {
    this.provider.value = dataset.provider
    this.model.value = dataset.model
    this.root.querySelector("[data-provider-name]").textContent = dataset.providerName
    this.list.mark(this.chosen)
    this.close()
    tell("model-chosen", { model: dataset.model, conversation: this.conversation, thread: threadOf(this.root), form: this.model.form })
  }

  // Pins

  async pin() {
    const { active } = this.list
    if (active) await setPinned(active.dataset, !("pinned" in active.dataset)).catch(() => null)
  }

  /** With the same option active as before, wherever it stands now. */
  async reload() {
    this.list.forget()
    if (!this.isOpen) return
    const { dataset } = this.list.active ?? { dataset: this.chosen }
    await this.load()
    this.list.filter(this.field.value === this.model.value ? "" : this.field.value, this.chosen)
    this.activate(this.list.find(dataset))
  }
}
