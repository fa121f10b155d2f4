/* A temporary chat: what was said stands in this page and nowhere else. Each message takes along all that came before. */

import { LiveAnswer } from "lib/answer"
import { AwaitedModel } from "lib/awaited-model"
import { Stopwatch, endHere } from "lib/cut-short"
import { formToken, hear, refusal } from "lib/dom"
import { isDone, pageIn, responseFrom } from "lib/fetched"
import { readLines } from "lib/lines"
import { pressMessageButton } from "lib/message-buttons"
import { rendered } from "lib/rendered"
import { EndFollower } from "lib/scroll"
import { addSettings } from "lib/settings-now"
import { speakOfBeginning, speakOfEnd } from "lib/spoken"

const UNREACHED = "The server could not be reached. Nothing was sent, and your words are still here."
const CUT = "The connection was lost. What had arrived is kept."

export function mountTemporary(page) {
  new TemporaryChat(page)
}

class TemporaryChat {
  #page
  #form
  #field
  #list
  #follower
  #awaited
  #said = new Map() // article -> what it says, as the server wants it back
  #asking = null
  #isKept = false

  constructor(page) {
    this.#page = page
    this.#form = page.querySelector("#composer")
    this.#field = page.querySelector("#message")
    this.#list = page.querySelector("[data-messages]")
    const box = page.querySelector("[data-scroll]")
    this.#awaited = new AwaitedModel(this.#form)
    this.#follower = new EndFollower(box, box.firstElementChild, { follows: true })
    this.#form.addEventListener("submit", (event) => this.#send(event))
    this.#form.querySelector("[data-stop]").addEventListener("click", () => this.#asking?.abort())
    page.addEventListener("keydown", (event) => this.#press(event))
    box.addEventListener("click", pressMessageButton)
    box.addEventListener("click", (event) => this.#act(event.target.closest("button")))
    hear(page, "htmx:config:request", ({ detail }) => this.#giveSaid(detail.ctx))
    hear(page, "htmx:after:request", ({ detail }) => (this.#isKept ||= isKeeping(detail.ctx) && detail.ctx.response.status < 300))
    hear(page, "beforeunload", (event) => this.#said.size && !this.#isKept && event.preventDefault(), {}, window)
  }

  #press(event) {
    if (event.isComposing || event.defaultPrevented) return
    if (event.key === "Escape") this.#asking?.abort()
    const sends = event.target === this.#field ? !event.shiftKey && !event.altKey : event.ctrlKey || event.metaKey
    if (event.key !== "Enter" || !sends) return
    event.preventDefault()
    this.#form.requestSubmit()
  }

  #act(button) {
    const article = button?.closest("article")
    if (this.#asking || !article) return
    if (button.matches("[data-take-out]")) this.#takeOut(article)
    if (button.matches("[data-again]")) this.#again(article)
  }

  #takeOut(article) {
    this.#said.delete(article)
    article.remove()
    this.#showState()
  }

  /** In place of this answer and of all that came after it, once the server has taken it. */
  #again(article) {
    if (this.#awaited.delays(() => this.#again(article))) return
    const articles = [...this.#said.keys()]
    const replaced = articles.slice(articles.indexOf(article))
    const before = articles.slice(0, articles.indexOf(article)).map((each) => this.#said.get(each))
    this.#ask(before, () => replaced.forEach((each) => this.#takeOut(each)))
  }

  #send(event) {
    event.preventDefault()
    event.stopImmediatePropagation()
    if (this.#awaited.delays(() => this.#form.requestSubmit())) return
    const text = this.#field.value
    if (this.#asking) return this.#tell("The model is still answering. Stop it first, or wait for the end.")
    if (!text.trim()) return this.#tell("Write something first.")
    const question = { role: "user", parts: [{ type: "text", text }] }
    this.#ask([...this.#said.values(), question], (html) => {
      this.#said.set(this.#add(html), question)
      if (this.#field.value === text) this.#field.value = ""
    })
  }

  async #ask(said, begin) {
    this.#tell("")
    this.#asking = new AbortController()
    this.#showState()
    try {
      const response = await this.#post(said)
      if (isDone(response)) await this.#follow(response, begin)
      else this.#tell(response ? await wordsOf(response) : UNREACHED)
    } finally {
      this.#asking = null
      this.#showState()
    }
  }

  #post(said) {
    const values = new FormData()
    addSettings(values)
    values.set("said", JSON.stringify(said))
    const headers = { "X-CSRFToken": formToken() }
    const body = new URLSearchParams(values)
    return responseFrom(this.#page.dataset.url, { method: "POST", headers, body, signal: this.#asking.signal })
  }

  async #follow(response, begin) {
    const { signal } = this.#asking
    const watch = new Stopwatch()
    let article = null
    let live = null
    const take = (event) => {
      watch.hear(event)
      if (event.type === "end") return this.#end(article, event)
      if (event.type !== "begun") return live.take(event)
      begin(event.html[0])
      article = this.#add(event.html[1])
      live = new LiveAnswer(article)
      speakOfBeginning(this.#page)
      this.#follower.toEnd()
    }
    await readLines(response.body, take).catch((error) => reportUnlessCut(error, signal))
    live?.end()
    if (article?.isConnected) await this.#endEarly(article, signal.aborted, watch.facts)
  }

  #end(article, { html, turn }) {
    const ended = elementFrom(html)
    article.replaceWith(ended)
    this.#said.set(ended, turn)
    rendered(ended.querySelector('[data-part="text"]'))
    speakOfEnd(this.#page, ended)
  }

  /** The server says no more: what stands here is what there is. */
  async #endEarly(article, isStopped, facts) {
    const view = await rendered(article.querySelector('[data-part="text"]'))
    view.finish()
    this.#said.set(article, endHere(article, view.text, isStopped ? "stopped" : "interrupted", facts))
    if (!isStopped) this.#tell(CUT)
    speakOfEnd(this.#page, article)
  }

  #add(html) {
    const article = elementFrom(html)
    this.#list.append(article)
    if (article.dataset.status !== "running") rendered(article.querySelector('[data-part="text"]'))
    return article
  }

  #giveSaid(ctx) {
    if (isKeeping(ctx)) ctx.request.body.set("said", JSON.stringify([...this.#said.values()]))
  }

  #showState() {
    const isAsking = this.#asking !== null
    this.#form.querySelector("[data-stop]").hidden = !isAsking
    this.#form.querySelector("[data-send]").setAttribute("aria-disabled", String(isAsking))
    this.#page.querySelector("[data-keep-chat]").disabled = isAsking || !this.#said.size
  }

  #tell(words) {
    this.#form.querySelector("[data-errors]").replaceChildren(...(words ? [refusal(words)] : []))
  }
}

/** A connection that is cut, or left, is told beside the answer. */
function reportUnlessCut(error, signal) {
  if (!signal.aborted && !(error instanceof TypeError)) reportError(error)
}

const isKeeping = (ctx) => ctx.sourceElement.matches("[data-keep-chat]")

function elementFrom(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild
}

async function wordsOf(response) {
  const page = await pageIn(response).catch(() => null)
  return page?.querySelector(".refusal")?.textContent.trim() || "The server refused this without saying why."
}
