/* Follows the end while the reader is there, and stays put as soon as the reader goes up. */

const NEAR_PX = 48

export class EndFollower {
  #box
  #follows
  #content
  #letGo = () => {}
  #mayFollow
  #top = 0 // where it was scrolled to when that was looked at last
  onchange = () => {}

  /** `mayFollow` says whether what is at the end is there to be followed. */
  constructor(box, content, { follows, mayFollow = () => true }) {
    this.#box = box
    this.#content = content
    this.#follows = follows
    this.#mayFollow = mayFollow
    box.addEventListener("scroll", () => this.#look(), { passive: true })
    box.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#set(false), { passive: true })
    // The box, too: what stands below it may take some of its room.
    const resized = new ResizeObserver(() => this.#follows && this.toEnd())
    for (const element of [box, content]) resized.observe(element)
  }

  /** What is about to be put above leaves what is read where it is. Browsers see to that too, but not at the very top. */
  keepPlace() {
    const { scrollHeight, scrollTop } = this.#box
    const added = new MutationObserver(() => {
      added.disconnect()
      this.#box.scrollTop = this.#box.scrollHeight - scrollHeight + scrollTop
    })
    added.observe(this.#box, { childList: true, subtree: true })
  }

  /** Keeps this element in view while what is around it is being drawn, until somebody moves. */
  hold(element) {
    const place = () => {
      const below = element.getBoundingClientRect().top - this.#box.getBoundingClientRect().top
      this.#box.scrollTop += below - this.#box.clientHeight / 5
    }
    const resized = new ResizeObserver(place)
    this.#letGo = () => resized.disconnect()
    for (const moved of ["wheel", "pointerdown", "keydown"])
      this.#box.addEventListener(moved, this.#letGo, { once: true, passive: true })
    resized.observe(this.#content)
    place()
  }

  toEnd() {
    this.#letGo()
    this.#set(true)
    this.#box.scrollTop = this.#box.scrollHeight
    this.#top = this.#box.scrollTop
  }

  /** In a box that becomes narrower the end moves down, and the browser scrolls down some of the way by itself: only
      who goes up leaves the end. */
  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box
    const [atBottom, isUp] = [scrollHeight - scrollTop - clientHeight < NEAR_PX, scrollTop < this.#top]
    const isNear = atBottom && this.#mayFollow()
    this.#top = scrollTop
    if (isNear || isUp) this.#set(isNear)
  }

  #set(follows) {
    if (follows === this.#follows) return
    this.#follows = follows
    this.onchange(follows)
  }
}
