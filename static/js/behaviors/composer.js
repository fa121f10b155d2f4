/* Where one writes: keys, the draft, sending, stopping. What is typed stays until the server has it. */

import { forgetCommand } from "lib/commands"
import { hear, refusal, tell } from "lib/dom"
import { Draft } from "lib/draft"
import { socket } from "lib/socket"

const SHOW_LOSS_AFTER_MS = 600

let carried = "" // typed on while the first message made the conversation

export function mountComposer(form) {
  const field = form.querySelector("#message")
  const draft = keepDrafts(form, field)
  form.addEventListener("keydown", (event) => typed(event, form, field))
  // On the way down: htmx may be listening on the form already, and must not send what is refused here.
  form.addEventListener("submit", (event) => refuseToSend(event, form, field), true)

  hear(form, "htmx:before:request", ({ detail }) => {
    const { sourceElement } = detail.ctx
    if (sourceElement === form) form.sending = { text: field.value }
    form.hasFocusBack = sourceElement.matches("[data-command]:focus-visible")
  }, true)
  hear(form, "htmx:after:swap", () => form.hasFocusBack && document.activeElement === document.body && field.focus())
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement === form && ctx.response.status < 400) sent(form, field, draft)
  }, true)
  hear(form, "htmx:error", ({ detail: { ctx } }) => notReached(form, ctx))
  hear(form, "model-awaited", ({ detail }) => waitFor(form, detail.choice))
  hear(form, "running-changed", ({ detail }) => showRunning(form, detail.generations))
  hear(form, "keydown", (event) => pressed(event, form))
  form.querySelector("[data-stop]").addEventListener("click", () => stop(form))
  hear(form, "click", ({ target }) => start(target.closest("[data-starter]"), field))
  socket.onstate = (state) => showConnection(form, state)
}

function keepDrafts(form, field) {
  const { conversation } = form.closest("#chat").dataset
  const draft = new Draft(conversation ?? "new")
  if (conversation && carried) draft.keep(carried)
  carried = ""
  // Who is quick has typed before this ran.
  const kept = draft.read()
  if (!field.value.startsWith(kept)) field.value = kept + field.value
  field.addEventListener("input", () => draft.keep(field.value))
  return draft
}

function typed(event, form, field) {
  if (event.target !== field || event.isComposing) return
  if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
    event.preventDefault()
    form.requestSubmit()
  }
  if (event.key === "ArrowUp" && !field.value) {
    const mine = [...document.querySelectorAll(".message--user")].at(-1)
    mine?.querySelector('button[aria-label="Edit"]')?.click()
  }
}

/** Anywhere on the page: Escape stops, Ctrl+Enter in any field of the conversation sends. */
function pressed(event, form) {
  if (!["Escape", "Enter"].includes(event.key) || event.defaultPrevented || event.isComposing) return
  if (document.querySelector("dialog[open]")) return
  if (event.key === "Escape" && !(event.target.type === "search" && event.target.value)) stop(form)
  if (event.key !== "Enter" || event.target.form !== form) return
  if (event.ctrlKey || event.metaKey) form.requestSubmit()
  // A field of one line would send the message, which nobody meant who sets a temperature.
  if (event.target.matches("input")) event.preventDefault()
}

/** A model is being looked up in its list: what is sent meanwhile goes to that model, as soon as it is known. */
function waitFor(form, choice) {
  const mine = choice.finally(() => form.waiting === mine && (form.waiting = null))
  form.waiting = mine
}

/** Before htmx sees it: an answer is running, the panel holds something impossible, or there is nothing to send. */
function refuseToSend(event, form, field) {
  if (form.waiting) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return form.waiting.then(() => form.requestSubmit())
  }
  const invalid = document.querySelector('.settings [aria-invalid="true"], .message--system [aria-invalid="true"]')
  const words = form.generations?.length
    ? "The model is still answering. Stop it first, or wait for the end."
    : !field.value.trim() ? "Write something first." : invalid && `${invalid.labels[0]?.textContent ?? invalid.ariaLabel}: ${invalid.validationMessage || "this value cannot be sent"}`
  if (!words) return
  event.preventDefault()
  event.stopImmediatePropagation()
  say(form, words)
}

function say(form, words) {
  form.querySelector("#composer-error").replaceChildren(refusal(words))
}

/** What was typed after it was sent stays. */
function sent(form, field, draft) {
  forgetCommand(form)
  form.querySelector("#composer-error").replaceChildren()
  const { text } = form.sending ?? { text: "" }
  if (field.value.startsWith(text)) field.value = field.value.slice(text.length)
  draft.keep(field.value)
  if (!form.closest("#chat").dataset.conversation) {
    carried = field.value
    draft.keep("")
  }
  field.focus()
  tell("sent")
}

/** Nothing that a person asks for fails in silence; what the page asks by itself, it asks again. */
function notReached(form, ctx) {
  if (!ctx || ctx.request?.method === "GET") return
  if (ctx.sourceElement === form) say(form, "Not sent: there is no connection to the server. Your text is still here; send it again.")
  else say(form, "Not done: there is no connection to the server. Try again.")
}

function showRunning(form, generations) {
  const button = form.querySelector("[data-stop]")
  const wasThere = document.activeElement === button
  form.generations = generations
  button.hidden = !generations.length
  form.querySelector("[data-send]").setAttribute("aria-disabled", String(generations.length > 0))
  if (wasThere && button.hidden) form.querySelector("#message").focus()
}

function stop(form) {
  for (const generation of form.generations ?? [])
    window.htmx.ajax("DELETE", `/generations/${generation}/`, { source: form.querySelector("[data-stop]"), swap: "none" })
}

/** Not each short break is worth a word that moves the composer. */
function showConnection(form, state) {
  const line = form.querySelector("[data-connection]")
  clearTimeout(form.losing)
  if (state === "open") line.hidden = true
  else form.losing = setTimeout(() => (line.hidden = false), SHOW_LOSS_AFTER_MS)
}

function start(starter, field) {
  if (!starter) return
  field.focus()
  field.select()
  // Typed rather than set: Ctrl+Z brings back what stood there.
  document.execCommand("insertText", false, starter.querySelector("span").textContent)
  if (starter.dataset.starter) tell("choose-model", { model: starter.dataset.starter })
}
