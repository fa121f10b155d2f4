/* The title becomes a field for as long as it is renamed. */

import { tell } from "lib/dom"

export function mountRename(button) {
  button.addEventListener("click", () => {
    const bar = button.parentElement
    const heading = bar.querySelector("h1")
    const field = document.createElement("input")
    field.className = "input"
    field.name = "title"
    field.maxLength = 200
    field.value = heading.textContent
    field.setAttribute("aria-label", "Title")
    heading.replaceWith(field)
    button.hidden = true
    field.select()

    let over = false
    const end = (save) => {
      if (over) return
      over = true
      if (save && field.value.trim() && field.value !== heading.textContent)
        return rename(bar, button, field).then((renamed) => (over = renamed))
      field.replaceWith(heading)
      button.hidden = false
      button.focus()
    }
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") end(true)
      if (event.key === "Escape") {
        event.stopPropagation()
        end(false)
      }
    })
    field.addEventListener("blur", () => end(true))
  })
}

/** Whether it is renamed. If not, the field stays as it is, to be tried again. */
async function rename(bar, button, field) {
  let renamed = false
  const heard = ({ detail: { ctx } }) => (renamed ||= ctx.target === bar && ctx.response.status < 400)
  document.addEventListener("htmx:after:request", heard)
  await window.htmx.ajax("POST", button.dataset.url, { target: bar, swap: "outerHTML", values: { title: field.value } })
  document.removeEventListener("htmx:after:request", heard)
  if (!renamed) return false
  document.title = `${field.value.trim()} · Playground`
  tell("announce", { words: "Renamed" })
  document.querySelector('.bar__title [aria-label="Rename"]')?.focus()
  return true
}
