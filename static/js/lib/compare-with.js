/* Any two messages: the first is marked, wherever it stands, and the second opens the difference. */

import { toast } from "lib/toasts"

const KEPT_AS = "compare-with"
export const MARKED = "Marked. Now choose Compare with… at another message, here or in another conversation."

export function markToCompare(id) {
  const first = sessionStorage.getItem(KEPT_AS)
  if (first && first !== id) {
    sessionStorage.removeItem(KEPT_AS)
    return location.assign(`/difference/?a=${first}&b=${id}`)
  }
  if (first) sessionStorage.removeItem(KEPT_AS)
  else sessionStorage.setItem(KEPT_AS, id)
  toast(first ? "It is no longer marked." : MARKED)
}
