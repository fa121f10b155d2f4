/* A few words at the head of the page. They go by themselves (behaviors/toasts.js). */

/** Once, while the same words still stand there. */
export function toast(words) {
  const place = document.getElementById("toasts")
  if ([...place.children].some(({ textContent }) => textContent === words)) return
  const element = document.createElement("p")
  element.className = "toast"
  element.textContent = words
  place.append(element)
}

const KEPT_AS = "toast"

/** After the page that is about to open. */
export function toastOnNextPage(words) {
  sessionStorage.setItem(KEPT_AS, words)
}

export function toastFromLastPage() {
  const words = sessionStorage.getItem(KEPT_AS)
  sessionStorage.removeItem(KEPT_AS)
  if (words) toast(words)
}
