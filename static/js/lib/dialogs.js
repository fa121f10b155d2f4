/* Native dialogs: the browser keeps the focus in them, and gives it back. */

/** One at a time. A click beside it closes it. */
export function showDialog(dialog) {
  if (document.querySelector("dialog[open]")) return
  dialog.addEventListener("click", closeBeside)
  dialog.showModal()
}

function closeBeside({ target, currentTarget, clientX, clientY }) {
  if (target !== currentTarget) return
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect()
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) currentTarget.close()
}
