/* Presets: choosing one sets everything that it holds; saving one keeps what is set. */

import { tell } from "lib/dom"
import { settingsForm } from "lib/settings-now"

/** `redraw(url)` posts what is set and puts the panel that comes back in place of this one. */
export function mountPresets(panel, redraw) {
  const dialog = panel.querySelector("#preset-dialog")
  panel.querySelector("[data-preset]").addEventListener("change", async ({ target }) => {
    if (!target.value) return
    const drawn = await redraw(`/presets/${target.value}/applied/`)
    if (drawn) takeSystemPrompt(drawn)
    else target.value = [...target.options].find((option) => option.defaultSelected)?.value ?? ""
  })
  panel.querySelector("[data-open-dialog]").addEventListener("click", () => dialog.showModal())
  panel.querySelector("[data-close-dialog]").addEventListener("click", () => dialog.close())
  panel.querySelector("[data-save-preset]").addEventListener("click", () => redraw("/presets/"))
  panel.querySelector("[data-delete-preset]")?.addEventListener("click", ({ target }) => redraw(`/presets/${target.dataset.deletePreset}/deletion/`))
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "text") return
    event.preventDefault()
    redraw("/presets/")
  })
}

/** It stands outside the panel. Telling it that it changed saves the rest too. */
function takeSystemPrompt(panel) {
  const field = settingsForm()?.elements.system_prompt
  if (!field) return
  const text = panel.querySelector("[data-system-prompt]").content.textContent
  if (field.value !== text) {
    field.value = text
    tell("system-prompt-replaced")
  }
  field.dispatchEvent(new Event("input", { bubbles: true }))
}
