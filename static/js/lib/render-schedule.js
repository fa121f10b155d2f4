/* When to draw. All answers of the page share one frame and one budget, so that twenty streams at once
   leave the main thread as free as one does. */

const BUDGET_MS = 4
const REST_PER_WORK = 3 // a quarter of the time for drawing, the rest for everything else

const waiting = new Set()
let isBooked = false
let restUntil = 0

/** Calls `draw` once, in a frame to come. */
export function book(draw) {
  waiting.add(draw)
  if (!isBooked) bookFrame()
}

/** Takes a booking back. */
export function unbook(draw) {
  waiting.delete(draw)
}

function bookFrame() {
  isBooked = true
  const rest = restUntil - performance.now()
  if (rest > 0) setTimeout(() => requestAnimationFrame(drawSome), rest)
  else requestAnimationFrame(drawSome)
}

function drawSome() {
  const started = performance.now()
  for (const draw of waiting) {
    waiting.delete(draw)
    attempt(draw)
    if (performance.now() - started > BUDGET_MS) break
  }
  // A task of its own runs after the browser has laid out and painted: that work counts too.
  setTimeout(() => restAfter(started))
}

/** An answer that cannot be drawn must not stop the others. */
function attempt(draw) {
  try {
    draw()
  } catch (error) {
    reportError(error)
  }
}

function restAfter(started) {
  const now = performance.now()
  restUntil = now + REST_PER_WORK * (now - started)
  isBooked = false
  if (waiting.size) bookFrame()
}
