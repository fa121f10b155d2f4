/* Work that makes a page prettier, done when the browser has nothing better to do. */

const LATEST_MS = 200
// Safari has no idle moments to offer
const whenFree = window.requestIdleCallback ?? ((work) => setTimeout(() => work({ timeRemaining: () => 0 })))

const waiting = new Set()

export function whenIdle(work) {
  waiting.add(work)
  if (waiting.size === 1) whenFree(doSome, { timeout: LATEST_MS })
}

/** As much as there is time for; at least one piece. */
function doSome(deadline) {
  for (const work of waiting) {
    waiting.delete(work)
    attempt(work)
    if (deadline.timeRemaining() <= 0) break
  }
  if (waiting.size) whenFree(doSome, { timeout: LATEST_MS })
}

function attempt(work) {
  try {
    work()
  } catch (error) {
    reportError(error)
  }
}
