/* A few seconds to take something back. */

import { toastFromLastPage } from "lib/toasts"

const SHOWN_MS = 8000

export function mountToasts(place) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) take(place, node)
  }).observe(place, { childList: true })
  toastFromLastPage()
}

/** Of some kinds only the newest can be taken back, and once. */
function take(place, toast) {
  leaveLater(toast)
  const { toast: kind } = toast.dataset
  if (!kind) return
  for (const each of place.querySelectorAll(`[data-toast="${kind}"]`)) if (each !== toast) each.remove()
  toast.addEventListener("htmx:finally:request", ({ detail }) => detail.ctx.response && toast.remove())
}

/** Not while somebody points at it or stands in it. */
function leaveLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), SHOWN_MS)
}
