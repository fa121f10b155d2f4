/* Import: a file is chosen or dropped, and goes to the server in pieces. What happens to it then, the page asks the server. */

import { hear, refusal, tell } from "lib/dom"
import { newId } from "lib/ids"
import { upload } from "lib/upload"

export function mountTransfer(form) {
  const [place, field, now] = ["[data-drop]", "[type=file]", "[data-now]"].map((name) => form.querySelector(name))
  const words = form.querySelector("[data-words]")
  let sending = null
  form.dataset.mounted = ""

  async function send(file) {
    if (!file || sending) return
    words.replaceChildren()
    const most = Number(form.dataset.most)
    if (file.size > most) return say(`${file.name} is larger than ${Math.round(most / 1048576)} MB, which is the most that can be imported at once.`)
    sending = new AbortController()
    show(file, 0)
    try {
      const options = { command: newId(), signal: sending.signal, progress: (done) => show(file, done) }
      await upload(file, form.getAttribute("action"), options)
      sending = null
      location.assign(form.dataset.list)
    } catch (error) {
      if (error.name !== "AbortError") say(error.message)
      hide()
    }
  }

  function show(file, done) {
    place.hidden = true
    now.hidden = false
    now.querySelector("[data-name]").textContent = file.name
    now.querySelector("[data-far]").textContent = `${megabytes(done)} of ${megabytes(file.size)} MB`
    now.querySelector("progress").value = file.size ? (done / file.size) * 100 : 0
  }

  function hide() {
    sending = null
    place.hidden = false
    now.hidden = true
    field.value = ""
  }

  function say(text) {
    words.replaceChildren(refusal(text))
  }

  field.addEventListener("change", () => send(field.files[0]))
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    send(field.files[0])
  })
  now.querySelector("[data-give-up]").addEventListener("click", () => {
    sending?.abort()
    hide()
    field.focus()
  })
  place.addEventListener("dragover", (event) => {
    event.preventDefault()
    place.dataset.over = ""
  })
  place.addEventListener("dragleave", () => delete place.dataset.over)
  place.addEventListener("drop", (event) => {
    event.preventDefault()
    delete place.dataset.over
    send(event.dataTransfer.files[0])
  })
  // What an import brought stands in the history at once.
  hear(form, "htmx:after:swap", ({ detail: { ctx } }) => ctx.sourceElement.matches(".transfer") && !running() && tell("history-changed"))
  addEventListener("beforeunload", (event) => sending && event.preventDefault())
}

function running() {
  return document.querySelector('.transfer[data-status="running"]')
}

function megabytes(bytes) {
  return (bytes / 1048576).toFixed(1)
}
