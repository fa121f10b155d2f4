/* Tags, one after the other: Enter or a comma adds what is typed, Backspace in an empty field takes the last one off. */

import { tell } from "lib/dom"

export function mountTags(root) {
  const [kept, list, field] = [root.querySelector("[name=tags]"), root.querySelector("ul"), root.querySelector("#tags-typed")]
  const names = new Set(kept.value.split(",").map(tidy).filter(Boolean))

  function show() {
    kept.value = [...names].join(",")
    list.replaceChildren(...[...names].map((name) => chip(name, () => remove(name))))
  }

  function add() {
    const typed = field.value.split(",").map(tidy).filter(Boolean)
    field.value = ""
    typed.forEach((name) => names.add(name))
    if (typed.length) tell("announce", { words: `Added ${typed.join(", ")}` })
    show()
    return typed.length
  }

  function remove(name) {
    names.delete(name)
    show()
    tell("announce", { words: `Removed ${name}` })
    field.focus()
  }

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return
    if (event.key === "," || (event.key === "Enter" && field.value.trim())) {
      event.preventDefault() // Enter in an empty field saves.
      add()
    }
    if (event.key === "Backspace" && !field.value && names.size) remove([...names].at(-1))
  })
  // One of the list was taken.
  field.addEventListener("input", (event) => {
    if (event.inputType === "insertReplacementText" || !(event instanceof InputEvent)) add()
  })
  // Not otherwise: the button that is being pressed must stay the same one.
  field.addEventListener("blur", () => field.value.trim() && add())
  show()
}

/** As the server does it: one word, in lower case. */
const tidy = (name) => name.trim().toLowerCase().replace(/["\s]+/g, "-").replace(/^[#-]+|-+$/g, "")

function chip(name, remove) {
  const [item, button] = [document.createElement("li"), document.createElement("button")]
  item.className = "tag"
  item.append(name, button)
  button.type = "button"
  button.className = "tag__remove"
  button.setAttribute("aria-label", `Remove ${name}`)
  button.textContent = "×"
  button.addEventListener("click", remove)
  return item
}
