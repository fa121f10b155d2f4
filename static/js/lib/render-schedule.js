/* When to draw. All answers of the page share one frame and one budget, so that twenty streams at once
   leave the main thread as free as one does. A key goes before all of them, and what nobody sees comes last. */

const BUDGET_MS = 4
const REST_PER_WORK = 3 // a quarter of the time for drawing, the rest for everything else
const OUT_OF_SIGHT_EVERY_MS = 150 // one of them

const waiting = new Map() // what draws -> the element that it draws in
const outOfSight = new WeakSet()
const sight = new IntersectionObserver(look)
let isBooked = false
let isTyping = false
let restUntil = 0
let lastOutOfSight = 0

/** Calls `draw` once, in a frame to come; in a late one while this element is out of sight. */
export function book(draw, element = null) {
  if (element && !waiting.has(draw)) sight.observe(element)
  waiting.set(draw, element)
  if (!isBooked) bookFrame()
}

/** Takes a booking back, and forgets the element. */
export function unbook(draw, element = null) {
  waiting.delete(draw)
  if (element) sight.unobserve(element)
}

function look(entries) {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) outOfSight.delete(target)
    else outOfSight.add(target)
  }
}

function bookFrame() {
  isBooked = true
  const isSeen = [...waiting.values()].some((element) => !outOfSight.has(element))
  const rest = Math.max(restUntil, isSeen ? 0 : lastOutOfSight + OUT_OF_SIGHT_EVERY_MS) - performance.now()
  if (rest > 0) setTimeout(() => requestAnimationFrame(drawSome), rest)
  else requestAnimationFrame(drawSome)
}

function drawSome() {
  if (isTyping) return requestAnimationFrame(drawSome)
  const started = performance.now()
  for (const draw of inTurn(started)) {
    waiting.delete(draw)
    attempt(draw)
    if (performance.now() - started > BUDGET_MS) break
  }
  // A task of its own runs after the browser has laid out and painted: that work counts too.
  setTimeout(() => restAfter(started))
}

function* inTurn(now) {
  for (const [draw, element] of waiting) {
    if (!outOfSight.has(element)) yield draw
    else if (now - lastOutOfSight >= OUT_OF_SIGHT_EVERY_MS) {
      lastOutOfSight = now
      yield draw
    }
  }
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

/** The frame that shows what a key did is for that alone. */
function letKeyPass() {
  if (isTyping) return
  isTyping = true
  requestAnimationFrame(() => setTimeout(() => (isTyping = false)))
}

addEventListener("keydown", letKeyPass, { capture: true, passive: true })
