/* The page of all conversations: several are selected, and one thing is done to all of them. */

import { showDialog } from "lib/dialogs"
import { hear } from "lib/dom"
import { isDone, responseFrom } from "lib/fetched"
import { renewRows } from "lib/rows"

export function mountBulk(root) {
  const [list, form, filter] = ["[data-list]", "[data-bulk]", "[data-filter]"].map((each) => root.querySelector(each))
  const [all, everything] = [form.querySelector("[data-all]"), form.querySelector("[data-everything]")]
  const boxes = () => [...list.querySelectorAll("[data-box]")]
  const selected = new Set()
  let last = null
  let allThatMatch = false

  function show() {
    const shown = boxes()
    for (const box of shown) box.checked = allThatMatch || selected.has(box.value)
    const count = allThatMatch ? shown.length : selected.size
    all.checked = count > 0 && shown.every(({ checked }) => checked)
    all.indeterminate = count > 0 && !all.checked
    const more = list.querySelector(".entries__more") !== null
    form.querySelector("[data-count]").textContent = allThatMatch && more ? "All that match are selected" : count ? `${count} selected` : "Select"
    form.querySelector("[data-acts]").hidden = !count
    everything.hidden = !(all.checked && more && !allThatMatch)
    form.elements.entries.value = allThatMatch ? "" : [...selected].join(",")
    form.elements.everything.value = allThatMatch ? "on" : ""
  }

  function select(box, on) {
    if (on) selected.add(box.value)
    else selected.delete(box.value)
  }

  list.addEventListener("click", (event) => {
    const box = event.target.closest("[data-box]")
    if (!box) return
    if (allThatMatch) boxes().forEach((each) => select(each, true)) // One less than all is what is shown.
    allThatMatch = false
    const shown = boxes()
    const [from, to] = [shown.findIndex(({ value }) => value === last), shown.indexOf(box)].sort((a, b) => a - b)
    const range = event.shiftKey && from >= 0 ? shown.slice(from, to + 1) : [box]
    range.forEach((each) => select(each, box.checked))
    last = box.value
    show()
  })
  all.addEventListener("change", () => {
    allThatMatch = false
    selected.clear()
    if (all.checked) boxes().forEach((box) => select(box, true))
    show()
  })
  everything.addEventListener("click", () => {
    allThatMatch = true
    show()
    all.focus()
  })
  form.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-open]")
    if (opener) showDialog(document.getElementById(opener.dataset.open))
    if (target.closest("[data-cancel]")) target.closest("dialog").close()
  })
  // Enter in a field of a dialog means the dialog's own button, not the first one of the form.
  form.addEventListener("keydown", (event) => {
    const dialog = event.target.closest("dialog")
    if (event.key !== "Enter" || !dialog || !event.target.matches("input, select")) return
    event.preventDefault()
    dialog.querySelector(".button--primary").click()
  })
  hear(form, "htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement !== form) return
    form.querySelector("dialog[open]")?.close()
    if (ctx.response.status >= 400) return
    form.querySelector("#bulk-refusal").replaceChildren()
    for (const name of ["new_folder", "tag_name"]) form.elements[name].value = ""
    allThatMatch = false
    selected.clear()
    show()
  })

  async function refresh() {
    const response = await responseFrom(`${root.dataset.url}&count=${boxes().length}`)
    if (!isDone(response)) return
    renewRows(list, await response.text(), "h2, .entry")
    const there = new Set(boxes().map(({ value }) => value))
    for (const id of selected) if (!there.has(id)) selected.delete(id)
    show()
  }
  hear(root, "history-changed", refresh)
  hear(root, "htmx:after:swap", show)
  filter.addEventListener("change", ({ target }) => target.name !== "q" && filter.requestSubmit())
  show()
}
