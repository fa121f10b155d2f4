/* Conversations in which an answer ended while nobody looked. Ids only. */

const NAME = "history-unread"

export function unread() {
  try {
    return new Set(JSON.parse(localStorage.getItem(NAME)) ?? [])
  } catch {
    return new Set()
  }
}

export function markUnread(ids) {
  keep(new Set([...unread(), ...ids]))
}

export function markRead(id) {
  const ids = unread()
  if (ids.delete(id)) keep(ids)
}

function keep(ids) {
  try {
    localStorage.setItem(NAME, JSON.stringify([...ids].slice(-200)))
  } catch {
    // A browser that keeps nothing marks nothing.
  }
}
