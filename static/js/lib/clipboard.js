/* Copying text. */

/** Whether it is in the clipboard now. By plain HTTP over a network there is only the old way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelecting(text)
  }
}

function copyBySelecting(text) {
  const back = document.activeElement
  const field = document.createElement("textarea")
  field.className = "visually-hidden"
  field.value = text
  document.body.append(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  back?.focus()
  return copied
}
