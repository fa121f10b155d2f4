/* What stands in the page now: the model, the system prompt, the panel. */

import { formToken } from "lib/dom"

// A browser lets no more than this go out while it leaves the page.
const MOST_WHILE_LEAVING = 60_000

/** The one form that they belong to, wherever they stand. A page may have none. */
export function settingsForm() {
  return document.getElementById("settings-form")
}

/** The conversation that they are the settings of; "" for a new chat. */
export function settingsOf() {
  return settingsForm()?.dataset.conversation ?? ""
}

export function settingsNow() {
  const form = settingsForm()
  return form ? new FormData(form) : new FormData()
}

export function addSettings(values) {
  for (const [name, value] of settingsNow()) values.set(name, value)
}

function settingsIf(conversation) {
  return conversation === settingsOf() ? settingsNow() : new FormData()
}

/** Posts them, with `more` beside them. Of another conversation than theirs the server knows the settings itself. */
export function postSettings(url, more = {}, { conversation = settingsOf(), settings = settingsIf(conversation), leaving = false } = {}) {
  const values = new FormData()
  for (const [name, value] of settings) values.set(name, value)
  values.set("conversation", conversation)
  for (const [name, value] of Object.entries(more)) values.set(name, value)
  const body = new URLSearchParams(values)
  const headers = { "X-CSRFToken": formToken(), "HX-Request": "true" }
  return fetch(url, { method: "POST", headers, body, keepalive: leaving && String(body).length < MOST_WHILE_LEAVING })
}
