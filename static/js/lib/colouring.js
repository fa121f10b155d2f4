/* Colours for code that is not part of a message. */

import { rendered } from "lib/rendered"

/** By the highlighter of messages, which draws a block of Markdown. The text stays what it was, to the letter. */
export async function colourCode(code) {
  const text = code.textContent
  const fence = "`".repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)))
  const page = document.createElement("div")
  page.textContent = `${fence}${code.dataset.language}\n${text}${fence}\n`
  await rendered(page)
  const drawn = page.querySelector("code")
  if (code.isConnected && drawn?.textContent.trimEnd() === text.trimEnd()) code.replaceWith(drawn)
}
