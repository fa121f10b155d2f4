/* Search as one types: what is found takes the place of the history, and completions stand below the field.
   The arrows walk the hits, Enter opens one, Esc closes what is open and then clears. */

import { activate, activeOf, choose, lettersIn, taken } from "lib/completions"
import { hear, later, tell } from "lib/dom"
import { pageIn, responseFrom } from "lib/fetched"

const QUIET_MS = 80
const UNREACHED = "The search does not answer: is there a connection? It is tried again with the next letter."
const SIGNED_OUT = "You are signed out. Reload the page to sign in."

export function mountSearch(form) {
  const nav = form.closest("nav")
  const found = nav.querySelector("[data-search-found]")
  const search = new Search(form, nav, found, nav.querySelector("[data-search-completions]"))
  const { field } = search
  field.addEventListener("input", () => search.typed())
  field.addEventListener("keydown", (event) => pressed(event, search))
  field.addEventListener("blur", () => search.closeCompletions())
  // Its own cross, or what a browser restores.
  field.addEventListener("search", () => field.value || search.clear())
  found.addEventListener("keydown", (event) => walked(event, search))
  found.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more] a")
    if (!more) return
    event.preventDefault()
    search.append(more)
  })
  search.completions.addEventListener("pointerdown", (event) => event.preventDefault())
  search.completions.addEventListener("click", ({ target }) => search.take(target.closest("[role=option]")))
  hear(form, "history-filtered", () => field.value && search.clear())
  if (field.value) search.typed()
}

class Search {
  constructor(form, nav, found, completions) {
    Object.assign(this, { form, nav, found, completions })
    this.field = form.querySelector("[name=q]")
    this.error = nav.querySelector("[data-search-error]")
    this.results = found.querySelector("[data-search-results]")
    this.asking = null
    this.askLater = later(() => this.ask(), QUIET_MS)
  }

  typed() {
    if (!this.field.value.trim()) return this.clear()
    this.askLater()
  }

  /** What an earlier letter asked for is dropped. */
  async ask() {
    this.asking?.abort()
    const { signal } = (this.asking = new AbortController())
    if (!this.field.value.trim()) return
    await Promise.all([this.look(signal), this.complete(signal)])
  }

  async look(signal) {
    const typing = this.field.selectionEnd === this.field.value.length ? { typing: 1 } : {}
    const response = await responseFrom(`${this.form.action}?${new URLSearchParams({ q: this.field.value, ...typing })}`, { signal })
    if (signal.aborted) return
    if (!response || response.redirected) return this.tell(document.createTextNode(response ? SIGNED_OUT : UNREACHED))
    const page = await pageIn(response).catch(() => null)
    if (signal.aborted || !page) return
    const wrong = page.querySelector(".search-error, .refusal")
    if (wrong) {
      this.results.querySelector(".search-none")?.remove()
      return this.tell(...wrong.childNodes)
    }
    this.tell()
    this.results.replaceChildren(...page.body.childNodes)
    this.show(true)
    tell("announce", { words: this.results.querySelector("[data-found]")?.textContent ?? "", conversation: "search" })
  }

  /** Beside the field. What was found last stays, that nothing was found does not. */
  tell(...words) {
    this.error.replaceChildren(...words)
    this.error.hidden = !words.length
    this.field.toggleAttribute("aria-invalid", Boolean(words.length))
  }

  show(open) {
    this.nav.toggleAttribute("data-searching", open)
    this.found.hidden = !open
    if (open) this.found.scrollTop = 0
  }

  async append(link) {
    const row = link.closest("[data-more]")
    row.setAttribute("aria-busy", "true")
    const response = await responseFrom(link.href)
    row.removeAttribute("aria-busy")
    if (!response?.ok || response.redirected) return this.tell(document.createTextNode(UNREACHED))
    const page = await pageIn(response)
    const more = [...page.body.children]
    row.replaceWith(...more)
    more.flatMap((each) => [...each.querySelectorAll(".search-hit")])[0]?.focus()
  }

  clear() {
    this.asking?.abort()
    this.field.value = ""
    this.tell()
    this.closeCompletions()
    this.show(false)
    this.results.replaceChildren()
  }

  async complete(signal) {
    const at = lettersIn(this.field.value.slice(0, this.field.selectionEnd))
    const asked = new URLSearchParams({ q: this.field.value, at })
    const response = await responseFrom(`${this.form.dataset.completions}?${asked}`, { signal })
    if (signal.aborted || !response?.ok || response.redirected) return
    const page = await pageIn(response)
    const options = [...page.querySelectorAll("[role=option]")]
    if (signal.aborted || document.activeElement !== this.field || !options.length) return this.closeCompletions()
    // Who has gone to one already, while the next letter was on its way, stays there.
    const chosen = activeOf(this.completions)?.dataset.text
    this.completions.replaceChildren(...options)
    choose(this.field, this.completions, options.find((each) => each.dataset.text === chosen))
    this.openCompletions()
  }

  openCompletions() {
    const { left, bottom, width } = this.field.getBoundingClientRect()
    Object.assign(this.completions.style, { insetInlineStart: `${left}px`, insetBlockStart: `${bottom + 4}px`, inlineSize: `${width}px` })
    if (!this.isCompleting) this.completions.showPopover()
  }

  closeCompletions() {
    if (this.isCompleting) this.completions.hidePopover()
    choose(this.field, this.completions, null)
  }

  get isCompleting() {
    return this.completions.matches(":popover-open")
  }

  take(option) {
    if (!option) return
    const { text, place } = taken(this.field.value, this.field.selectionEnd, option)
    this.field.value = text
    this.field.setSelectionRange(place, place)
    this.closeCompletions()
    this.typed()
  }

  get hits() {
    return this.found.hidden ? [] : [...this.found.querySelectorAll(".search-hit, [data-more] a")]
  }
}

function pressed(event, search) {
  const act = actionOf(event, search)
  if (!act) return
  event.preventDefault()
  event.stopPropagation()
  act()
}

function actionOf({ key, isComposing, shiftKey }, search) {
  if (isComposing) return null
  const active = activeOf(search.completions)
  const by = { ArrowDown: 1, ArrowUp: -1 }[key]
  if (search.isCompleting) {
    if (by) return () => activate(search.field, search.completions, by)
    if (key === "Escape") return () => search.closeCompletions()
    if (active && key === "Enter") return () => search.take(active)
    if (key === "Tab" && !shiftKey) return () => search.take(active ?? search.completions.firstElementChild)
  }
  if (key === "ArrowDown" && search.hits.length) return () => search.hits[0].focus()
  return key === "Escape" && search.field.value ? () => search.clear() : null
}

/** Among the hits, and above the first one back to the field. */
function walked(event, search) {
  const { hits } = search
  const place = hits.indexOf(document.activeElement)
  const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: hits.length - 1, Escape: -1 }[event.key]
  if (to === undefined || place < 0) return
  event.preventDefault()
  event.stopPropagation()
  if (to < 0) search.field.focus()
  else hits[Math.min(to, hits.length - 1)].focus()
}
