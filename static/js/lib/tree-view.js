/* A drawing that is larger than its frame: moved by hand, by wheel and by two fingers, and looked at from near and far. */

const NEAREST = 2
const FARTHEST = 0.05
const STEP = 1.25
const MARGIN = 24
const WHEEL = 0.0022
const A_CLICK = 4 // pixels that a hand may shake

export class View {
  #frame
  #drawing
  #at = { x: 0, y: 0, scale: 1 }
  #pointers = new Map()
  #moved = 0

  constructor(frame, drawing) {
    this.#frame = frame
    this.#drawing = drawing
    this.onchange = () => {}
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false })
    frame.addEventListener("pointerdown", (event) => this.#press(event))
    frame.addEventListener("pointermove", (event) => this.#move(event))
    for (const name of ["pointerup", "pointercancel"]) frame.addEventListener(name, (event) => this.#pointers.delete(event.pointerId))
    // What was moved was not clicked.
    frame.addEventListener("click", (event) => this.#moved > A_CLICK && event.stopPropagation(), { capture: true })
  }

  get scale() {
    return this.#at.scale
  }

  get size() {
    const { width, height } = this.#frame.getBoundingClientRect()
    return { width, height }
  }

  /** All of it, as large as it fits; not larger than it is. */
  fit({ width, height }) {
    const room = this.size
    const scale = Math.min(1, (room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN) / height)
    this.#show(this.#middle(width, height, Math.max(FARTHEST, scale), room))
  }

  /** The scale at which all of it would be seen. */
  fitting({ width, height }) {
    const room = this.size
    return Math.min((room.width - 2 * MARGIN) / width, (room.height - 2 * MARGIN) / height)
  }

  #middle(width, height, scale, room) {
    return { scale, x: (room.width - width * scale) / 2, y: Math.max(MARGIN, (room.height - height * scale) / 2) }
  }

  /** Around the middle, or a point of the frame. */
  zoom(by, point = { x: this.size.width / 2, y: this.size.height / 2 }) {
    const scale = Math.min(NEAREST, Math.max(FARTHEST, this.#at.scale * by))
    const change = scale / this.#at.scale
    this.#show({ scale, x: point.x - (point.x - this.#at.x) * change, y: point.y - (point.y - this.#at.y) * change })
  }

  nearer() {
    this.zoom(STEP)
  }

  farther() {
    this.zoom(1 / STEP)
  }

  /** So that this part of a drawing that is larger is in the middle, or as near to it as its ends let it be. */
  centre({ x, y, width, height }, whole, scale) {
    const room = this.size
    const by = (from, length, all, space) => {
      const middle = space / 2 - (from + length / 2) * scale
      return all * scale < space ? (space - all * scale) / 2 : Math.min(MARGIN, Math.max(space - MARGIN - all * scale, middle))
    }
    this.#show({ scale, x: by(x, width, whole.width, room.width), y: by(y, height, whole.height, room.height) })
  }

  /** No more than it takes to see this part of the drawing. */
  reveal({ x, y, width, height }) {
    const { x: left, y: top, scale } = this.#at
    const room = this.size
    const by = (from, length, at, space) => {
      const [start, end] = [from * scale + at, (from + length) * scale + at]
      if (start < MARGIN) return MARGIN - start
      return end > space - MARGIN ? Math.max(space - MARGIN - end, MARGIN - start) : 0
    }
    const [right, down] = [by(x, width, left, room.width), by(y, height, top, room.height)]
    if (right || down) this.#show({ scale, x: left + right, y: top + down })
  }

  #show(at) {
    this.#at = at
    // Around the drawing: inside of it, all words would be laid out anew with every step.
    this.#drawing.style.transform = `translate(${at.x.toFixed(2)}px, ${at.y.toFixed(2)}px) scale(${at.scale.toFixed(4)})`
    this.onchange()
  }

  #shift(x, y) {
    this.#show({ ...this.#at, x: this.#at.x + x, y: this.#at.y + y })
  }

  #wheel(event) {
    event.preventDefault()
    if (event.ctrlKey || event.metaKey) return this.zoom(Math.exp(-event.deltaY * WHEEL * (event.deltaMode ? 16 : 1)), this.#pointIn(event))
    if (event.shiftKey && !event.deltaX) return this.#shift(-event.deltaY, 0)
    this.#shift(-event.deltaX, -event.deltaY)
  }

  #press(event) {
    if (event.button) return
    if (!this.#pointers.size) this.#moved = 0
    this.#pointers.set(event.pointerId, this.#pointIn(event))
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId)
    if (!before) return
    const now = this.#pointIn(event)
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1]
    this.#moved += Math.hypot(now.x - before.x, now.y - before.y)
    if (this.#moved > A_CLICK && !this.#frame.hasPointerCapture(event.pointerId)) this.#frame.setPointerCapture(event.pointerId)
    this.#pointers.set(event.pointerId, now)
    if (other) return this.#pinch(before, now, other)
    this.#shift(now.x - before.x, now.y - before.y)
  }

  /** Two fingers hold what is under them. */
  #pinch(before, now, other) {
    const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y)
    const middle = (point) => ({ x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 })
    const [from, to] = [middle(before), middle(now)]
    this.#shift(to.x - from.x, to.y - from.y)
    if (apart(before) > A_CLICK) this.zoom(apart(now) / apart(before), to)
  }

  #pointIn({ clientX, clientY }) {
    const { left, top } = this.#frame.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
}
