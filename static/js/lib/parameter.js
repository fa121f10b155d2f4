/* One parameter of the panel. Whether it is set is read off its own field, and nowhere else. */

/** `tellChanged()` is called for every change that a person makes. */
export function mountParameter(row, tellChanged) {
  const field = fieldOf(row)
  const slider = row.querySelector(".range")
  if (slider) mountSlider(slider, field)
  const chips = row.querySelector("[data-adds]") && new Chips(row, field)
  field.addEventListener("input", () => {
    if (slider) follow(slider, field)
    judge(row)
    tellChanged()
  })
  row.querySelector("[data-unset]").addEventListener("click", () => {
    unset(row)
    tellChanged()
    ;(chips?.input ?? field).focus()
  })
  row.addEventListener("unset", () => chips?.draw())
  judge(row)
}

export const fieldOf = (row) => row.querySelector("[data-setting]")

export function isSet(row) {
  const { value, validity } = fieldOf(row)
  return value !== "" || validity.badInput
}

export function unset(row) {
  const field = fieldOf(row)
  field.value = ""
  const slider = row.querySelector(".range")
  if (slider) follow(slider, field)
  row.dispatchEvent(new Event("unset"))
  judge(row)
}

function mountSlider(slider, number) {
  slider.addEventListener("input", () => {
    number.value = slider.dataset.scale === "power-of-two" ? 2 ** slider.value : slider.value
    number.dispatchEvent(new Event("input", { bubbles: true }))
  })
  follow(slider, number)
}

/** The slider shows where the number lies. Its fill is a custom property, which our policy lets scripts set. */
function follow(slider, number) {
  const exact = slider.dataset.scale === "power-of-two" ? Math.log2(Math.max(1, number.value)) : number.value
  slider.value = number.value === "" ? slider.min : exact
  slider.style.setProperty("--at", `${((slider.value - slider.min) / (slider.max - slider.min)) * 100}%`)
}

function judge(row) {
  const field = fieldOf(row)
  const words = field.type === "number" ? numberInWords(field) : row.dataset.kind === "object" ? objectInWords(field) : ""
  field.setAttribute("aria-invalid", String(words !== ""))
  row.querySelector("[data-error]").textContent = words
}

function numberInWords({ validity, min, max, step }) {
  if (validity.valid) return ""
  if (validity.rangeUnderflow || validity.rangeOverflow) return max ? `From ${min} to ${max}.` : `At least ${min}.`
  return step === "1" ? "A whole number." : "A number."
}

function objectInWords({ value }) {
  if (!value.trim()) return ""
  try {
    const object = JSON.parse(value)
    return object !== null && typeof object === "object" && !Array.isArray(object) ? "" : 'A JSON object, such as {"key": 1}.'
  } catch (error) {
    return `Not JSON: ${error.message}.`
  }
}

/** A list, one on a line of a hidden field, shown as chips. What is typed becomes one with Enter, or by leaving. */
class Chips {
  constructor(row, field) {
    this.row = row
    this.field = field
    this.list = row.querySelector(".chips")
    this.input = row.querySelector("[data-adds]")
    this.input.addEventListener("keydown", (event) => this.#typed(event))
    this.input.addEventListener("blur", () => this.#add())
    this.draw()
  }

  get lines() {
    return this.field.value.split("\n").filter(Boolean)
  }

  draw() {
    this.list.replaceChildren(...this.lines.map((line) => this.#chip(line)))
    this.input.placeholder = this.lines.length ? "another" : "not set"
  }

  #typed(event) {
    if (event.key === "Enter" && this.input.value) {
      event.preventDefault()
      this.#add()
    }
    if (event.key === "Backspace" && !this.input.value) this.#store(this.lines.slice(0, -1))
  }

  #add() {
    if (!this.input.value) return
    const line = this.input.value
    this.input.value = ""
    if (!this.lines.includes(line)) this.#store([...this.lines, line])
  }

  #store(lines) {
    if (lines.length === this.lines.length) return
    this.field.value = lines.join("\n")
    this.draw()
    this.field.dispatchEvent(new Event("input", { bubbles: true }))
  }

  #chip(line) {
    const chip = document.createElement("li")
    chip.className = "chip"
    const text = document.createElement("code")
    text.textContent = line
    const remove = document.querySelector("[data-unset]").cloneNode(true)
    remove.setAttribute("aria-label", `Remove ${line}`)
    remove.removeAttribute("data-unset")
    remove.title = "Remove"
    remove.addEventListener("click", () => {
      this.#store(this.lines.filter((other) => other !== line))
      this.input.focus()
    })
    chip.append(text, remove)
    return chip
  }
}
