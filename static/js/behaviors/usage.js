/* The charts of the usage page. The table has the same figures, so that nothing depends on them. */

const HEIGHT = 168
const STEPS = [1, 2, 4, 7, 14, 28, 91, 182, 364].map((days) => days * 86400)
const BARS = new Set(["cost", "prompt_tokens", "completion_tokens", "calls", "errors"])

export function mountUsage(charts) {
  const days = JSON.parse(charts.dataset.days)
  const all = () => [...charts.querySelectorAll("[data-chart]")].map((place) => [place, draw(place, days)])
  let drawn = all()
  new ResizeObserver(() => {
    for (const [place, chart] of drawn) chart.setSize({ width: place.clientWidth, height: HEIGHT })
  }).observe(charts)
  // A canvas keeps the colours that it was drawn with.
  const again = () => {
    for (const [, chart] of drawn) chart.destroy()
    drawn = all()
  }
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] })
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again)
}

function draw(place, days) {
  const names = place.dataset.chart.split(" ")
  const times = days.day.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000)
  const colours = coloursOf(place)
  const options = {
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (time) => window.uPlot.tzDate(new Date(time * 1000), "UTC"),
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { range: (_, low, high) => [low - 43200, high + 43200] }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [{ ...axis(colours), incrs: STEPS, size: 28, values: (_, ticks) => ticks.map(dayOf) }, { ...axis(colours), size: 56, values: (_, ticks) => ticks.map(short) }],
    series: [{}, ...names.map((name, number) => series(name, colours.lines[number]))],
  }
  return new window.uPlot(options, [times, ...names.map((name) => days[name])], place)
}

function series(name, colour) {
  if (!BARS.has(name)) return { stroke: colour, width: 2, points: { show: true, size: 5, fill: colour }, spanGaps: true }
  const second = name === "completion_tokens" || name === "errors"
  return { fill: colour, stroke: colour, width: 0, points: { show: false }, paths: window.uPlot.paths.bars({ size: [second ? 0.35 : 0.7, 40] }) }
}

function axis({ text, line }) {
  return { stroke: text, font: "12px system-ui", grid: { stroke: line, width: 1 }, ticks: { show: false } }
}

/** Of the keys beside the title, as the browser has resolved them. */
function coloursOf(place) {
  const style = getComputedStyle(place)
  const probe = (number) => {
    const key = document.createElement("i")
    key.className = `usage-chart__key--${number}`
    place.append(key)
    const { color } = getComputedStyle(key)
    key.remove()
    return color
  }
  return { text: style.color, line: style.borderTopColor, lines: [probe(1), probe(2)] }
}

function dayOf(time) {
  return new Date(time * 1000).toLocaleDateString("en", { month: "short", day: "numeric", timeZone: "UTC" })
}

function short(value) {
  if (value >= 1e6) return `${value / 1e6}M`
  if (value >= 1e4) return `${value / 1e3}k`
  return value.toLocaleString("en", { maximumSignificantDigits: 3 })
}
