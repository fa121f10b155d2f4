/* A few seconds to take something back. */

import { toastFromLastPage } from "lib/toasts"

const SHOWN_MS = 8000

export function mountToasts(place) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) leaveLater(node)
  }).observe(place, { childList: true })
  toastFromLastPage()
}

/** Not while somebody points at it or stands in it. */
function leaveLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), SHOWN_MS)
}
