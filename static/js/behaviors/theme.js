/* Light, dark, or as the system. A cookie, so that the page is drawn right from the start. */

import { keepInCookie } from "lib/cookie"
import { tell } from "lib/dom"

const NEXT = { undefined: "dark", dark: "light", light: undefined }

export function mountTheme(button) {
  button.addEventListener("click", () => {
    const root = document.documentElement
    const theme = NEXT[root.dataset.theme]
    if (theme) root.dataset.theme = theme
    else delete root.dataset.theme
    keepInCookie("theme", theme)
    button.title = `Theme: ${theme ?? "as the system"}`
    tell("announce", { words: button.title })
  })
}
