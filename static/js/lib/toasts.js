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
