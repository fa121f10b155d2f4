/* The system prompt of a chat: plain text, or a saved prompt with values for its placeholders. */

import { hear } from "lib/dom"
import { judge, judgeValues, mark, namesIn } from "lib/placeholders"
import { posted, rendered, showPreview } from "lib/preview"
import { bringBack, bringBackUnsaved, forgetDrafts, forgetUnsaved, keepDraft, keepUnsaved, valuesOf } from "lib/prompt-drafts"
import { settingsForm, settingsNow, settingsOf } from "lib/settings-now"

export function mountSystemPrompt(section) {
  const card = new Card(section)
  section.addEventListener("input", (event) => event.target.matches("[data-setting]") && card.typed(event.target))
  section.addEventListener("click", ({ target }) => card.pressed(target))
  section.addEventListener("submit", (event) => {
    event.preventDefault()
    card.keep(event.target)
  })
  // Before the composer looks: it refuses to send what is marked as wrong here.
  hear(section, "submit", ({ target }) => target.id === "composer" && card.judge(), true)
  hear(section, "sent", () => card.isNew && forgetDrafts(card.version, card.fields))
  hear(section, "settings-saved", ({ detail }) => detail.form === card.form && card.settle(detail.saved))
  hear(section, "system-prompt-replaced", () => card.detached())
}

class Card {
  constructor(section) {
    this.section = section
    this.form = settingsForm()
    this.conversation = settingsOf()
    this.text = section.querySelector('[name="system_prompt"]')
    this.saved = this.text.value
    this.bringBack()
    this.draw()
  }

  bringBack() {
    if (this.isNew) return bringBack(this.version, this.fields)
    // Saved as any change is, once the panel listens.
    this.stored = valuesOf(this.fields)
    if (bringBackUnsaved(this.conversation, this.fields)) queueMicrotask(() => this.tellChanged())
  }

  /** The server has these. What was typed since is a draft still. */
  settle(saved) {
    for (const { name } of this.fields) this.stored.set(name, saved.get(name))
    const isTyped = [...this.fields].some(({ name, value }) => value !== this.stored.get(name))
    if (isTyped) keepUnsaved(this.conversation, this.fields, this.stored)
    else forgetUnsaved(this.conversation, this.fields)
  }

  get isNew() {
    return !this.conversation
  }

  get version() {
    return this.section.querySelector("[data-version]").value
  }

  get fields() {
    return this.section.querySelectorAll("[data-setting]")
  }

  get names() {
    return new Set(Array.from(this.section.querySelectorAll("[data-value]"), (row) => row.dataset.value))
  }

  /** Marks mean something only in a saved prompt. */
  draw() {
    const names = this.names
    const under = this.section.querySelector("[data-under]")
    if (this.version) mark(under, this.text.value, (name) => names.has(name))
    else under.replaceChildren()
    const edited = this.version ? this.text.value !== this.saved || this.section.querySelector("[data-edited]") : this.text.value.trim()
    const button = this.section.querySelector("[data-open-keep]")
    if (button) button.hidden = !edited
    if (this.text.getAttribute("aria-invalid") === "true") this.judgeText()
  }

  typed(field) {
    if (this.isNew) keepDraft(this.version, field)
    else keepUnsaved(this.conversation, this.fields, this.stored)
    if (field === this.text) this.draw()
    else judge(field.closest("[data-value]"))
  }

  judge() {
    this.judgeText()
    if (judgeValues(this.section)) return
    this.section.querySelector('[data-value] [aria-invalid="true"]').focus()
  }

  judgeText() {
    const names = this.names
    const unknown = this.version ? namesIn(this.text.value).find((name) => !names.has(name)) : undefined
    const words = unknown === undefined ? "" : `{{${unknown}}} is no variable of this prompt: save it as a new version, or detach it.`
    this.text.setCustomValidity(words)
    this.text.setAttribute("aria-invalid", String(words !== ""))
    const place = this.section.querySelector('[data-error="system_prompt"]')
    if (place) place.textContent = words
  }

  pressed(target) {
    const dialog = this.section.querySelector("[data-keep-dialog]")
    if (target.closest("[data-preview]")) this.preview()
    if (target.closest("[data-newest]")) this.become("/prompts/card/newest/")
    if (target.closest("[data-detach]")) this.become("/prompts/card/detached/")
    if (target.closest("[data-open-keep]")) dialog.showModal()
    if (target.closest("[data-close-keep]")) dialog.close()
  }

  async preview() {
    if (!judgeValues(this.section)) return this.section.querySelector('[aria-invalid="true"]').focus()
    const { dialog, refused } = await rendered("/prompts/preview/", settingsNow())
    if (dialog) showPreview(dialog)
    else this.refuse(refused)
  }

  async keep(form) {
    if (this.keeping) return
    this.keeping = true
    try {
      await this.keepOnce(form)
    } finally {
      this.keeping = false
    }
  }

  async keepOnce(form) {
    const values = settingsNow()
    for (const [name, value] of new FormData(form)) values.set(name, value)
    const { page, refused } = await posted("/prompts/card/kept/", values)
    if (page) this.take(page)
    else form.querySelector("[data-keep-error]").replaceChildren(refused)
  }

  async become(url) {
    const { page, refused } = await posted(url, settingsNow())
    if (page) this.take(page)
    else this.refuse(refused)
  }

  refuse(refused) {
    this.section.querySelector("[data-card-error]").replaceChildren(...refused.childNodes)
  }

  /** Another text, from elsewhere: it is no saved prompt any more. */
  detached() {
    if (!this.version) return this.draw()
    this.section.querySelector("[data-version]").value = ""
    for (const row of this.section.querySelectorAll("[data-value]")) row.remove()
    this.become("/prompts/card/detached/")
  }

  take(page) {
    const stoodOn = document.activeElement
    const wasHere = stoodOn === document.body || this.section.contains(stoodOn)
    const [before, after] = [this.section, page].map((place) => place.querySelector("[data-card]"))
    const text = after.querySelector("[data-text]").content.textContent
    before.replaceWith(document.adoptNode(after))
    if (text !== this.text.value) this.write(text)
    this.saved = text
    this.draw()
    this.judgeText()
    const place = wasHere ? this.text : stoodOn
    place.focus()
    if (this.isNew) {
      for (const field of this.fields) keepDraft(this.version, field)
      history.replaceState(null, "", this.version ? `/?prompt=${this.version}` : "/")
    }
    this.tellChanged()
  }

  /** The page saves it as it saves any change. */
  tellChanged() {
    this.text.dispatchEvent(new Event("input", { bubbles: true }))
  }

  /** Typed rather than set: Ctrl+Z brings back what stood there. */
  write(text) {
    this.text.focus()
    this.text.select()
    if (!document.execCommand("insertText", false, text) || this.text.value !== text) this.text.value = text
  }
}
