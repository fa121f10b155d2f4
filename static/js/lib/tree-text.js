/* Words that have to fit into a drawing: SVG breaks no lines. */

const measure = document.createElement("canvas").getContext("2d")

/** At most so many lines of this width, the last one with … if there is more. `font` as in CSS. */
export function linesOf(words, font, width, most) {
  measure.font = font
  const lines = []
  let left = words
  while (left && lines.length < most) {
    const isLast = lines.length === most - 1
    const line = fitting(left, width, isLast)
    lines.push(line.text)
    left = left.slice(line.taken).trimStart()
  }
  return lines
}

/** As much as fits: whole words, where one fits at all. */
function fitting(words, width, isLast) {
  if (wide(words) <= width) return { text: words, taken: words.length }
  const end = isLast ? "…" : ""
  let [fits, over] = [1, words.length]
  while (over - fits > 1) {
    const half = (fits + over) >> 1
    if (wide(words.slice(0, half) + end) <= width) fits = half
    else over = half
  }
  const gap = words.lastIndexOf(" ", fits)
  const taken = gap > fits / 2 ? gap : fits
  return { text: whole(words.slice(0, taken)).trimEnd() + end, taken }
}

const wide = (text) => measure.measureText(text).width

/** Without half of a pair at its end. */
const whole = (text) => text.replace(/[\ud800-\udbff]$/, "")
