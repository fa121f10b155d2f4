/* Copying text. */

import { refusal } from "lib/dom"

const SHOW_COPIED_MS = 1500

/** Whether it is in the clipboard now. By plain HTTP over a network there is only the old way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelecting(text)
  }
}

/** The code that the button stands over. Where a page may not copy, it is selected: then only the keys are left. */
export async function copyCode(button, said) {
  const block = button.closest(".code")
  const code = block.querySelector("pre")
  block.querySelector(".refusal")?.remove()
  if (!(await copyText(`${code.textContent.trimEnd()}\n`))) {
    code.before(refusal("This browser does not let the page copy. The code is selected: copy it with the keyboard."))
    return getSelection().selectAllChildren(code)
  }
  said.textContent = "Copied"
  button.dataset.copied = ""
  setTimeout(() => {
    delete button.dataset.copied
    said.textContent = ""
  }, SHOW_COPIED_MS)
}

function copyBySelecting(text) {
  const back = document.activeElement
  const field = document.createElement("textarea")
  field.className = "visually-hidden"
  field.value = text
  // Beside an open dialog nothing can be selected.
  const place = document.querySelector("dialog[open]") ?? document.body
  place.append(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  back?.focus()
  return copied
}
