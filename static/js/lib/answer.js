/* An answer that is being written: takes the events of its generation and draws them. */

import { rawText, rendered } from "lib/rendered"

const BETWEEN_THOUGHTS = "\n\n" // of two spans, as chat/models/turn.py has it

// One clock for all of them: what ticks at once is laid out and painted once.
const ticking = new Set()
let clock = null

function startTicking(answer) {
  ticking.add(answer)
  clock ??= setInterval(() => ticking.forEach((each) => each.tick()), 1000)
}

function stopTicking(answer) {
  ticking.delete(answer)
  if (ticking.size) return
  clearInterval(clock)
  clock = null
}

export class LiveAnswer {
  #article
  #choice
  #view = null
  #waiting = [] // events that came before the renderer did
  #reasoning
  #before // what the spans before this one say
  #thoughtBefore
  #hasThought

  #doing
  #since

  constructor(article) {
    this.#article = article
    this.#choice = Number(article.dataset.choice)
    this.#reasoning = article.querySelector('[data-part="reasoning"]')
    const text = article.querySelector('[data-part="text"]')
    this.#before = rawText(text).slice(0, Number(article.dataset.textBefore ?? 0))
    this.#thoughtBefore = this.#reasoning.textContent.slice(0, Number(article.dataset.thoughtBefore ?? 0))
    this.#hasThought = this.#reasoning.textContent.length > this.#thoughtBefore.length
    this.#doing = this.#whatIsDone(text)
    this.#since = Date.now() - Number(article.dataset.running) * 1000
    startTicking(this)
    this.tick()
    rendered(text, { live: true }).then((view) => {
      this.#view = view
      for (const event of this.#waiting.splice(0)) this.take(event)
    })
  }

  /** It is over, or not shown any more. */
  end() {
    stopTicking(this)
  }

  take(event) {
    if ("choice" in event && event.choice !== this.#choice) return
    if (!this.#view) return void this.#waiting.push(event)
    this[`on_${event.type}`]?.(event)
  }

  /** The whole of it, from the database. */
  restore(answers) {
    if (!this.#view) return void this.#waiting.push({ type: "restore", answers })
    const answer = answers.find(({ choice }) => choice === this.#choice)
    if (!answer) return
    const whole = this.#before + answer.text
    if (whole !== this.#view.text) this.#view.replace(whole)
    if (answer.text) this.#now("answering")
    this.#think(answer.reasoning, true)
  }

  on_restore({ answers }) {
    this.restore(answers)
  }

  on_text({ text }) {
    this.#now("answering")
    this.#view.append(text)
  }

  on_reasoning({ text }) {
    this.#now("thinking")
    this.#think(text, false)
  }

  on_text_was_reasoning() {
    this.#think(this.#view.text.slice(this.#before.length), false)
    this.#view.replace(this.#before)
  }

  on_refusal({ text }) {
    this.#view.append(text)
  }

  on_queued({ ahead, seconds }) {
    if (!ahead) this.#since += seconds * 1000
    this.#now(ahead ? `waiting for its turn, ${ahead.toLocaleString("en")} ahead` : "waiting for the first token")
  }

  on_retrying({ message, seconds }) {
    this.#now(`${message} Trying again in ${seconds} s`)
  }

  #think(text, whole) {
    const panel = this.#reasoning?.closest("details")
    if (!panel || !text) return
    panel.hidden = false
    if (whole) this.#reasoning.textContent = this.#thoughtBefore
    const isFirst = whole || !this.#hasThought
    this.#reasoning.append(isFirst && this.#thoughtBefore ? BETWEEN_THOUGHTS + text : text)
    this.#hasThought = true
  }

  #now(doing) {
    if (doing === this.#doing) return
    this.#doing = doing
    this.tick()
  }

  /** The last fact says what is going on, and for how long: it stands at the end, so that nothing else moves. */
  tick() {
    const last = [...this.#article.querySelectorAll(".facts")].at(-1)?.lastElementChild
    const seconds = Math.floor((Date.now() - this.#since) / 1000)
    if (last) last.textContent = seconds > 0 ? `${this.#doing} · ${seconds.toLocaleString("en")} s` : this.#doing
  }

  #whatIsDone(text) {
    if (rawText(text).length > this.#before.length) return "answering"
    return this.#hasThought ? "thinking" : "waiting for the first token"
  }
}
