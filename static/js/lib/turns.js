/* One after the other, each after a frame was painted: what many answers do at once must not hold up a key. */

let last = Promise.resolve()

export function inTurn(work) {
  const mine = last.then(painted).then(work)
  last = mine.catch(() => null)
  return mine
}

/** Where nobody looks, nothing is painted. */
function painted() {
  if (document.hidden) return null
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
}
