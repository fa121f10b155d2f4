/* A model is being looked up in its list: what is sent meanwhile goes to that model, as soon as it is known. */

import { hear } from "lib/dom"

export class AwaitedModel {
  #choices = null

  constructor(form) {
    hear(form, "model-awaited", ({ detail }) => this.#waitFor(detail.choice))
  }

  #waitFor(choice) {
    const mine = Promise.all([this.#choices, choice]).finally(() => mine === this.#choices && (this.#choices = null))
    this.#choices = mine
  }

  /** Whether it has to wait. What is sent is sent then. */
  delays(send) {
    this.#choices?.then(send)
    return this.#choices !== null
  }
}
