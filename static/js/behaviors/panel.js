/* The settings panel: an empty field is not sent, changes save themselves, another model has other parameters. */

import { hear, refusal, tell } from "lib/dom"
import { isSet, mountParameter, unset } from "lib/parameter"
import { setPinned } from "lib/pins"
import { mountPresets } from "lib/presets"
import { rememberDrawn, rememberSaved, unsavedOf } from "lib/saved-settings"
import { postSettings, settingsForm, settingsNow, settingsOf } from "lib/settings-now"
import { mountSince } from "lib/since"
import { errorsIn, threadShowing } from "lib/thread"

const SAVE_AFTER_MS = 300
const ADDRESSES = ["url", "panelUrl", "sinceUrl"]

export function mountPanel(panel) {
  panel.form = settingsForm()
  panel.conversation = settingsOf()
  rememberDrawn(panel.form)
  for (const row of panel.querySelectorAll("[data-parameter]")) mountParameter(row, () => changed(panel))
  panel.querySelector("[data-unset-all]").addEventListener("click", () => {
    for (const row of panel.querySelectorAll("[data-parameter]")) unset(row)
    changed(panel)
  })
  // What stands outside the panel may be drawn anew.
  hear(panel, "input", ({ target }) => {
    if (!target.matches("[data-setting]") || target.form !== settingsForm() || target.closest("[data-parameter]")) return
    if (panel.contains(target)) judge(panel, target)
    changed(panel)
  })
  panel.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-try-again]")?.dataset.tryAgain
    if (name) redraw(panel, `${panel.dataset.panelUrl}${name}/`)
  })
  mountPresets(panel, (url) => redraw(panel, url))
  hear(panel, "model-chosen", async ({ detail }) => {
    if (detail.form !== settingsForm()) return // It is saved elsewhere.
    await save(panel)
    await redrawWhenIdle(panel)
  })
  mountPin(panel)
  mountSince(panel)
  saveLater(panel)
  count(panel)
}

function mountPin(panel) {
  const button = panel.querySelector("[data-pin]")
  button?.addEventListener("click", () => setPinned(button.dataset, button.ariaPressed !== "true").catch(() => null))
  hear(panel, "pins-changed", ({ detail: { provider, model, pinned } }) => {
    if (button?.dataset.model === model && button.dataset.provider === provider) button.ariaPressed = String(pinned)
  })
}

/** Beside the field, where a parameter does it itself. */
function judge(panel, field) {
  field.setAttribute("aria-invalid", String(!field.validity.valid))
  const place = panel.querySelector(`[data-error="${field.name}"]`)
  if (place) place.textContent = field.validationMessage
}

/** What was changed a moment ago must not wait for a timer that never comes, and what failed is tried again. */
function saveLater(panel) {
  const flush = () => "unsaved" in panel.dataset && save(panel, { leaving: true })
  hear(panel, "visibilitychange", () => document.hidden && flush())
  hear(panel, "pagehide", flush, false, window)
  hear(panel, "online", () => catchUp(panel), false, window)
  hear(panel, "sent", () => catchUp(panel))
  // Others are about to be shown in their place, and those may be made of what is saved here.
  hear(panel, "settings-leave", ({ detail }) => "unsaved" in panel.dataset && (detail.saved = save(panel)))
}

/** Not under the hands of somebody who is typing in it: then as soon as they leave the field. */
async function redrawWhenIdle(panel) {
  if (!fieldTypedIn(panel)) await redraw(panel, panel.dataset.panelUrl, () => panel.isConnected && !fieldTypedIn(panel))
  const later = () => setTimeout(() => panel.isConnected && redrawWhenIdle(panel))
  if (panel.isConnected) fieldTypedIn(panel)?.addEventListener("blur", later, { once: true })
}

function fieldTypedIn(panel) {
  const field = document.activeElement
  return panel.contains(field) && field.matches("input:not([type=range]), textarea") ? field : null
}

/** Another model takes other parameters. What is set is kept, and what is not sent to this one is said. */
async function redraw(panel, url = panel.dataset.panelUrl, mayReplace = () => true) {
  if (!url) return null
  const asked = setNow()
  const drawn = await drawnBy(panel, url)
  // Another answer may have taken the place of this panel, or another conversation.
  const shown = document.getElementById("settings")
  if (!drawn || shown?.dataset.panelUrl !== panel.dataset.panelUrl || !mayReplace()) return
  // What was changed meanwhile is not in this answer.
  if (setNow() !== asked) return redraw(panel, url.endsWith("/applied/") ? url : panel.dataset.panelUrl, mayReplace)
  replace(shown, drawn)
  tell("content-added")
  return drawn
}

/** Null if it cannot be drawn now: then the page says why, and the next change tries again. */
async function drawnBy(panel, url) {
  try {
    const response = await postSettings(url)
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    const drawn = response.ok && page.querySelector(".settings")
    if (drawn) return drawn
    showRefusal(panel, page)
  } catch {
    say(panel, refusal("There is no connection to the server. Try again."))
  }
  panel.dataset.stale = ""
  return null
}

/** With the same addresses and the same sections open, and whoever stood on a control stands on it again. */
function replace(panel, drawn) {
  for (const name of ADDRESSES) if (panel.dataset[name]) drawn.dataset[name] = panel.dataset[name]
  const open = [...panel.querySelectorAll("details.settings__section")].map((section) => section.open)
  drawn.querySelectorAll("details.settings__section").forEach((section, number) => (section.open = open[number]))
  if ("unsaved" in panel.dataset) drawn.dataset.unsaved = ""
  const place = placeOf(document.activeElement, panel)
  panel.replaceWith(drawn)
  if (place) drawn.querySelector(place)?.focus()
}

/** How a control is found in the panel that takes this one's place. A dialog is closed then. */
function placeOf(control, panel) {
  if (!panel.contains(control)) return null
  if (control.closest("dialog")) return "[data-open-dialog]"
  const id = control.id || control.dataset.tryAgain
  return id ? `#${CSS.escape(id)}` : control.ariaLabel && `[aria-label="${CSS.escape(control.ariaLabel)}"]`
}

function setNow() {
  return JSON.stringify([...settingsNow()])
}

/** The settings of another conversation may have come in the place of those that this panel was drawn for. */
function isOurs(panel) {
  return panel.form === settingsForm()
}

function changed(panel) {
  if (!panel.isConnected) return
  panel.dataset.unsaved = ""
  count(panel)
  if (panel.querySelector('[aria-invalid="true"]')) return
  panel.typed = settingsNow() // A drawer may be closed before it is saved.
  clearTimeout(panel.saving)
  panel.saving = setTimeout(() => catchUp(panel), SAVE_AFTER_MS)
}

async function catchUp(panel) {
  if ("unsaved" in panel.dataset) await save(panel)
  if ("stale" in panel.dataset) await redrawWhenIdle(panel)
}

function count(panel) {
  const set = [...panel.querySelectorAll("[data-parameter]")].filter(isSet).length
  panel.querySelector("[data-count]").textContent = set ? `${set} set` : "none set"
  panel.querySelector("[data-unset-all]").hidden = !set
}

async function save(panel, options) {
  clearTimeout(panel.saving)
  panel.saving = null
  if (!panel.dataset.url || (isOurs(panel) && holdsHalfAValue())) return
  const settings = isOurs(panel) ? settingsNow() : panel.typed
  const asked = JSON.stringify([...settings])
  try {
    const unsaved = unsavedOf(panel.form, settings)
    const response = await postSettings(panel.dataset.url, {}, { ...options, conversation: panel.conversation, settings: unsaved })
    const told = new DOMParser().parseFromString(await response.text(), "text/html")
    if (response.status === 422) return isOurs(panel) && showErrors(told)
    if (!response.ok || response.redirected) throw new Error(response.statusText)
    rememberSaved(panel.form, settings)
    for (const place of document.querySelectorAll("[data-told]")) place.replaceChildren()
    if (setNow() === asked) delete panel.dataset.unsaved // Nothing was changed meanwhile.
    count(panel)
    tell("settings-saved", { form: panel.form, saved: new Map(settings), told })
  } catch {
    // Sending a message sends the panel too, so nothing is lost yet. The next change or connection tries again.
    panel.dataset.unsaved = ""
    count(panel)
    panel.querySelector("[data-count]").textContent += " · not saved"
  }
}

/** Half a number counts as no value: it must not be saved as one. */
function holdsHalfAValue() {
  return [...(settingsForm()?.elements ?? [])].some(({ validity }) => validity?.badInput)
}

function showRefusal(panel, page) {
  if (page.querySelector("[data-error-for]")) return showErrors(page)
  say(panel, page.querySelector(".refusal") ?? refusal("This could not be done. Reload the page."))
}

/** In the dialog that asked, if there is one. */
function say(panel, words) {
  const place = panel.querySelector("dialog[open] [data-dialog-error]") ?? errorsIn(threadShowing(panel.conversation)) ?? errorsIn(document.getElementById("composer"))
  place?.replaceChildren(words)
}

function showErrors(page) {
  for (const error of page.querySelectorAll("[data-error-for]")) {
    const place = document.querySelector(`[data-error="${error.dataset.errorFor}"]`)
    if (!place) continue
    place.textContent = error.textContent
    place.dataset.told = ""
  }
}
