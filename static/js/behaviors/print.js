/* The page to be printed: as soon as all of it is drawn, the browser's own dialog opens. */

import { rendered } from "lib/rendered"

export async function mountPrint(root) {
  const button = root.querySelector("[data-print]")
  button.addEventListener("click", () => window.print())
  for (const text of root.querySelectorAll("[data-part=text]")) await rendered(text)
  await document.fonts.ready
  button.disabled = false
  window.print()
}
