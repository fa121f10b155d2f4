/* Follows the end while the reader is there, and stays put as soon as the reader goes up. */

const NEAR_PX = 48

export class EndFollower {
  #box
  #follows
  onchange = () => {}

  constructor(box, content, { follows }) {
    this.#box = box
    this.#follows = follows
    box.addEventListener("scroll", () => this.#look(), { passive: true })
    box.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#set(false), { passive: true })
    new ResizeObserver(() => this.#follows && this.toEnd()).observe(content)
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

  toEnd() {
    this.#set(true)
    this.#box.scrollTop = this.#box.scrollHeight
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box
    this.#set(scrollHeight - scrollTop - clientHeight < NEAR_PX)
  }

  #set(follows) {
    if (follows === this.#follows) return
    this.#follows = follows
    this.onchange(follows)
  }
}
