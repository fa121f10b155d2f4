/* Tabs by the keyboard. */

/** Arrows go from tab to tab, and show it. */
export function moveAmongTabs({ key, target }) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key]
  const tabs = [...target.parentElement.children]
  if (!step || tabs.length < 2) return
  const next = tabs.at((tabs.indexOf(target) + step) % tabs.length)
  next.focus()
  next.click()
}
