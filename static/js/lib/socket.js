/* The page's one socket: reconnects with back-off, says again what the page shows, and where it has got to.

   docs/protocol.md lists the frames. Whoever watches gets `take(frame)`; frames come in order and without gaps,
   because a reader that missed some asks for them by number. */

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 8000
const PING_EVERY_MS = 20000
const PONG_WITHIN_MS = 10000
const PONG_SOON_MS = 3000 // when somebody has just come back and looks at it
const SIGNED_OUT = 4401
const ACKNOWLEDGED_AFTER = 16 * 1024 // characters; the server waits when 128 KiB are not acknowledged

class Socket {
  #watched = new Map() // generation -> {have, take, heard}
  #followed = new Map() // id of a conversation or comparison -> {kind, version, take}
  #socket = null
  #wait = FIRST_WAIT_MS
  #timers = new Set()
  onstate = () => {}

  watch(generation, have, take) {
    this.#watched.set(generation, { have, take, heard: 0 })
    this.#open()
    this.#say({ type: "watch", generation, have })
  }

  leave(generation) {
    if (this.#watched.delete(generation)) this.#say({ type: "leave", generation })
  }

  /** `kind` is "conversation" or "comparison". */
  follow(kind, id, version, take) {
    this.#followed.set(id, { kind, version, take })
    this.#open()
    this.#say({ type: "follow", [kind]: id, version })
  }

  unfollow(kind, id) {
    if (this.#followed.delete(id)) this.#say({ type: "unfollow", [kind]: id })
  }

  #open() {
    if (this.#socket) return
    this.#socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/socket/")
    this.#socket.onopen = () => this.#opened()
    this.#socket.onmessage = ({ data }) => this.#hear(JSON.parse(data), data.length)
    this.#socket.onclose = ({ code }) => this.#closed(code)
  }

  #opened() {
    this.#wait = FIRST_WAIT_MS
    this.onstate("open")
    for (const [generation, { have }] of this.#watched) this.#say({ type: "watch", generation, have })
    for (const [id, { kind, version }] of this.#followed) this.#say({ type: "follow", [kind]: id, version })
    this.#after(PING_EVERY_MS, () => this.#ping())
  }

  #closed(code) {
    this.#forgetTimers()
    this.#socket = null
    this.onstate(code === SIGNED_OUT ? "signed-out" : "closed")
    if (code === SIGNED_OUT) return location.reload()
    setTimeout(() => this.#open(), this.#wait * (0.5 + Math.random() / 2))
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS)
  }

  /** At once, when the network is back or the page is looked at again: a socket may have died while the computer slept. */
  hurry() {
    if (!this.#watched.size && !this.#followed.size) return this.onstate("open")
    this.#wait = FIRST_WAIT_MS
    if (this.#socket?.readyState === WebSocket.OPEN) this.#ping(PONG_SOON_MS)
    else this.#open()
  }

  #hear(frame, size) {
    if (frame.type === "pong") return this.#pong?.()
    if (frame.type === "changed") return this.#changed(frame)
    const watched = this.#watched.get(frame.generation)
    if (!watched) return
    if (frame.type === "events") {
      // Only what comes next: a frame that was asked for twice changes nothing.
      const fresh = frame.events.slice(watched.have - frame.from)
      if (frame.from > watched.have) return this.#say({ type: "watch", generation: frame.generation, have: watched.have })
      watched.have = Math.max(watched.have, frame.from + frame.events.length)
      watched.take({ ...frame, events: fresh })
      this.#acknowledge(frame.generation, watched, size)
    } else {
      if (frame.type === "stored") watched.have = frame.have
      watched.take(frame)
      this.#acknowledge(frame.generation, watched, size)
    }
  }

  #changed(frame) {
    const followed = this.#followed.get(frame.conversation ?? frame.comparison)
    if (!followed) return
    followed.version = frame.version
    followed.take(frame)
  }

  /** Not each frame: at the pace of a model there is nothing to hold back, and hearing of it would cost the server. */
  #acknowledge(generation, watched, size) {
    watched.heard += size
    if (watched.heard < ACKNOWLEDGED_AFTER) return
    watched.heard = 0
    this.#say({ type: "ack", generation, have: watched.have })
  }

  #pong = null

  #ping(within = PONG_WITHIN_MS) {
    this.#forgetTimers()
    this.#say({ type: "ping" })
    this.#after(within, () => this.#lost())
    this.#pong = () => {
      this.#forgetTimers()
      this.onstate("open")
      this.#after(PING_EVERY_MS, () => this.#ping())
    }
  }

  /** Not by waiting for its end: a browser closes a dead socket only after a minute. */
  #lost() {
    const dead = this.#socket
    dead.onopen = dead.onmessage = dead.onclose = null
    dead.close()
    this.#closed()
  }

  #forgetTimers() {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds)
    this.#timers.add(timer)
    return timer
  }

  #say(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }
}

export const socket = new Socket()

addEventListener("online", () => socket.hurry())
addEventListener("offline", () => socket.onstate("closed"))
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && socket.hurry())
