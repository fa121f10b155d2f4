/* An answer whose end nobody is left to tell: what the page knows of it, by its own clock and in the words of
   chat/facts.py. */

const OF_THE_MODEL = new Set(["text", "reasoning", "refusal", "tool_call"])

export class Stopwatch {
  #began = performance.now()
  #first = null

  hear({ type, ahead }) {
    if (type === "queued" && !ahead) this.#began = performance.now() // A wait makes no model look slower.
    if (OF_THE_MODEL.has(type)) this.#first ??= performance.now()
  }

  get facts() {
    const first = this.#first === null ? [] : [`${inWords(this.#first - this.#began)} to first token`]
    return [...first, `${inWords(performance.now() - this.#began)} in all`]
  }
}

/** Its facts stand below it from now on. Returns what it says, as the server would have told it. */
export function endHere(article, text, status, facts) {
  const last = article.querySelector(".facts li:last-child")
  article.dataset.status = last.textContent = status
  last.before(...facts.map(itemOf))
  for (const button of article.querySelectorAll("button[hidden]")) button.hidden = false
  const reasoning = article.querySelector('[data-part="reasoning"]').textContent
  const model = article.querySelector(".facts__lead").textContent
  return { role: "assistant", parts: text ? [{ type: "text", text }] : [], reasoning, model }
}

function itemOf(words) {
  const item = document.createElement("li")
  item.textContent = words
  return item
}

function inWords(milliseconds) {
  if (milliseconds < 10_000) return `${Math.round(milliseconds).toLocaleString("en")} ms`
  return `${(milliseconds / 1000).toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`
}
