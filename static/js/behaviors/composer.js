/* Where one writes: keys, the draft, sending, stopping. What is typed stays until the server has it. */

import { AwaitedModel } from "lib/awaited-model"
import { forgetCommand } from "lib/commands"
import { hear, refusal, tell } from "lib/dom"
import { Draft } from "lib/draft"
import { mountMenu } from "lib/menu"
import { settingsForm } from "lib/settings-now"
import { socket } from "lib/socket"
import { conversationOf, errorsIn, threadOf, threads } from "lib/thread"

const SHOW_LOSS_AFTER_MS = 600
const NEW = "new" // the draft of a chat that its first message will make

let carried = "" // typed on while the first message made the conversation

export function mountComposer(form) {
  const field = form.querySelector("#message")
  form.running = new Map() // conversation -> its generations
  form.awaited = new AwaitedModel(form)
  const draft = keepDrafts(form, field)
  form.addEventListener("keydown", (event) => typed(event, form, field))
  // On the way down: htmx may be listening on the form already, and must not send what is refused here.
  form.addEventListener("submit", (event) => refuseToSend(event, form, field), true)

  hear(form, "htmx:before:request", ({ detail }) => {
    const { sourceElement } = detail.ctx
    if (sourceElement === form) form.sending = { text: field.value }
    form.hasFocusBack = sourceElement.matches("[data-command]:focus-visible")
  }, true)
  // Once all is done: what was pressed may be gone only then, like the Undo of a move.
  hear(form, "htmx:finally:request", () => form.hasFocusBack && document.activeElement === document.body && field.focus())
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement === form && ctx.response.status < 400) sent(form, field, draft)
  }, true)
  hear(form, "htmx:error", ({ detail: { ctx } }) => notReached(form, ctx))
  hear(form, "running-changed", ({ detail }) => showRunning(form, detail))
  hear(form, "links-changed", () => showWhetherBusy(form))
  hear(form, "keydown", (event) => pressed(event, form))
  const adding = form.querySelector("[data-add]")
  if (adding) mountMenu(adding)
  form.querySelector("[data-stop]").addEventListener("click", () => stop(form))
  hear(form, "click", ({ target }) => start(target.closest("[data-starter]"), field))
  socket.onstate = (state) => showConnection(form, state)
}

function keepDrafts(form, field) {
  const draft = new Draft(form.dataset.draft)
  if (form.dataset.draft !== NEW && carried) draft.keep(carried)
  carried = ""
  // Who is quick has typed before this ran. What a link brought stands in the draft already.
  const kept = draft.read()
  if (!field.value.startsWith(kept)) field.value = kept + field.value.slice(field.defaultValue.length)
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
    const mine = [...(threads()[0]?.querySelectorAll(".message--user") ?? [])].at(-1)
    mine?.querySelector('button[aria-label="Edit"]')?.click()
  }
}

/** Anywhere on the page: Escape stops, Ctrl+Enter in any field of the conversation sends. */
function pressed(event, form) {
  if (!["Escape", "Enter"].includes(event.key) || event.defaultPrevented || event.isComposing) return
  if (document.querySelector("dialog[open]")) return
  if (event.key === "Escape" && !(event.target.type === "search" && event.target.value)) stop(form)
  if (event.key !== "Enter" || !isSent(event.target, form)) return
  if (event.ctrlKey || event.metaKey) form.requestSubmit()
  // A field of one line would send the message, which nobody meant who sets a temperature.
  if (event.target.matches("input")) event.preventDefault()
}

/** Whether what stands in this field goes with the message. */
function isSent(field, form) {
  return Boolean(field.form) && [form, settingsForm()].includes(field.form)
}

/** Before htmx sees it: an answer is running, the panel holds something impossible, or there is nothing to send. */
function refuseToSend(event, form, field) {
  if (form.awaited.delays(() => form.requestSubmit(event.submitter))) {
    event.preventDefault()
    event.stopImmediatePropagation()
    return
  }
  const words = stillAnswering(form) || (field.value.trim() ? impossible(form) : "Write something first.")
  if (!words) return
  event.preventDefault()
  event.stopImmediatePropagation()
  say(errorsIn(form), words)
}

/** Of those that the composer feeds. */
function stillAnswering(form) {
  const thread = threads().find((thread) => thread.matches("[data-fed]") && form.running.has(conversationOf(thread)))
  if (!thread) return ""
  const { name } = thread.dataset
  return name ? `${name} is still answering. Stop it, wait for the end, or unlink it.` : "The model is still answering. Stop it first, or wait for the end."
}

function impossible(form) {
  const field = [...form.elements, ...(settingsForm()?.elements ?? [])].find(({ ariaInvalid }) => ariaInvalid === "true")
  return field && `${field.labels[0]?.textContent ?? field.ariaLabel}: ${field.validationMessage || "this value cannot be sent"}`
}

function say(place, words) {
  place.replaceChildren(refusal(words))
}

/** What was typed after it was sent stays. */
function sent(form, field, draft) {
  forgetCommand(form)
  errorsIn(form).replaceChildren()
  const { text } = form.sending ?? { text: "" }
  if (field.value.startsWith(text)) field.value = field.value.slice(text.length)
  draft.keep(field.value)
  if (form.dataset.draft === NEW) {
    carried = field.value
    draft.keep("")
  }
  field.focus()
  tell("sent")
}

/** Nothing that a person asks for fails in silence; what the page asks by itself, it asks again. */
function notReached(form, ctx) {
  if (!ctx || ctx.request?.method === "GET") return
  if (ctx.sourceElement === form) say(errorsIn(form), "Not sent: there is no connection to the server. Your text is still here; send it again.")
  else say(errorsIn(threadOf(ctx.sourceElement)) ?? errorsIn(form), "Not done: there is no connection to the server. Try again.")
}

function showRunning(form, { conversation, generations }) {
  const button = form.querySelector("[data-stop]")
  const wasThere = document.activeElement === button
  if (generations.length) form.running.set(conversation, generations)
  else form.running.delete(conversation)
  button.hidden = !form.running.size
  showWhetherBusy(form)
  if (wasThere && button.hidden) form.querySelector("#message").focus()
}

function showWhetherBusy(form) {
  form.querySelector("[data-send]").setAttribute("aria-disabled", String(stillAnswering(form) !== ""))
}

/** All that runs in the page. Each from its own place: of one place, htmx sends one request after the other. */
function stop(form) {
  for (const generation of [...form.running.values()].flat()) {
    const source = document.querySelector(`article[data-generation="${generation}"]`) ?? form.querySelector("[data-stop]")
    window.htmx.ajax("DELETE", `/generations/${generation}/`, { source, swap: "none" })
  }
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
  if (starter.dataset.starter) tell("choose-model", { model: starter.dataset.starter, thread: threadOf(starter) })
}
