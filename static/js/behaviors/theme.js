/* Light, dark, or as the system. A cookie, so that the page is drawn right from the start. */

import { tell } from "lib/dom"

const NEXT = { undefined: "dark", dark: "light", light: undefined }
const YEAR_S = 31536000

export function mountTheme(button) {
  button.addEventListener("click", () => {
    const root = document.documentElement
    const theme = NEXT[root.dataset.theme]
    if (theme) root.dataset.theme = theme
    else delete root.dataset.theme
    document.cookie = `theme=${theme ?? ""}; path=/; SameSite=Lax; max-age=${theme ? YEAR_S : 0}`
    button.title = `Theme: ${theme ?? "as the system"}`
    tell("announce", { words: button.title })
  })
}
