/* Words that are not sent or saved yet. They survive a reload, and are gone when one signs out. */

const DRAFT = "draft:"

export class Draft {
  #name

  constructor(name) {
    this.#name = DRAFT + name
  }

  read() {
    return attempt(() => localStorage.getItem(this.#name)) ?? ""
  }

  keep(text) {
    attempt(() => (text ? localStorage.setItem(this.#name, text) : localStorage.removeItem(this.#name)))
  }
}

/** A browser may forbid storage, or have none left: then there is a page that works, without drafts. */
function attempt(act) {
  try {
    return act()
  } catch {
    return null
  }
}
