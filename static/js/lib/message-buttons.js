/* What the buttons of a message do by themselves: copy it, and show its raw text. */

import { copyText } from "lib/clipboard"
import { tell } from "lib/dom"
import { rawText } from "lib/rendered"
import { toast } from "lib/toasts"

const SHOW_COPIED_MS = 1500

export async function pressMessageButton({ target }) {
  const button = target.closest("button")
  if (button?.matches("[data-copy]")) await copy(button, rawText(partOf(button)))
  if (button?.matches("[data-copy-code]")) await copy(button, button.closest(".code").querySelector("pre").textContent)
  if (button?.matches("[data-show-raw]")) toggleRaw(button)
}

function partOf(button) {
  return button.closest("article").querySelector('[data-part="text"]')
}

async function copy(button, text) {
  const copied = await copyText(text)
  if (!copied) return toast("This browser does not let the page copy. Select the text, and copy it with the keyboard.")
  tell("announce", { words: "Copied" })
  const picture = button.querySelector("use")
  if (picture.dataset.before) return
  picture.dataset.before = picture.getAttribute("href")
  picture.setAttribute("href", "#icon-check")
  setTimeout(() => {
    picture.setAttribute("href", picture.dataset.before)
    delete picture.dataset.before
  }, SHOW_COPIED_MS)
}

function toggleRaw(button) {
  const text = partOf(button)
  const shown = text.parentElement.querySelector('[data-part="raw"]')
  const label = shown ? "Show raw" : "Show rendered"
  if (shown) shown.remove()
  else text.after(raw(rawText(text)))
  text.hidden = !shown
  button.setAttribute("aria-label", label)
  button.title = label
  button.setAttribute("aria-pressed", String(!shown))
}

function raw(text) {
  const element = document.createElement("pre")
  element.className = "raw"
  element.dataset.part = "raw"
  element.tabIndex = 0
  element.textContent = text
  return element
}
