/* An article becomes what the server has now, and its drawn text stays where it is: taken out, it would be laid out anew. */

import { drawnView } from "lib/rendered"

export const textOf = (article) => article.querySelector('[data-part="text"]')

/** Turns that the page shows already, and that are otherwise now. Their text only grows, if it can. */
export function renewTurns(list, tasks) {
  for (const task of [...tasks]) {
    const { fragment, target } = task
    const stored = fragment?.querySelector?.("article[data-renewed]")
    if (!stored || !target?.matches("article") || !list.contains(target) || !textOf(target)) continue
    const view = drawnView(textOf(target))
    const isSame = target.dataset.state === stored.dataset.state
    if (!isSame && !(view && textOf(stored).textContent.startsWith(view.text))) continue
    if (!isSame) renew(target, stored, view)
    tasks.splice(tasks.indexOf(task), 1)
  }
}

/** Returns the article that stands there now. Where it is being written it is not marked as drawn. */
export function renew(article, stored, view) {
  const open = article.querySelector("details")?.open
  if (open && stored.querySelector("details")) stored.querySelector("details").open = true
  const text = textOf(stored).textContent
  const grows = text.startsWith(view.text)
  const isRunning = stored.dataset.status === "running"
  if (grows && text !== view.text) view.append(text.slice(view.text.length))
  if (grows && !isRunning) view.finish()
  const now = grows ? article : stored
  keepingFocus(article, now, () => (grows ? renewAround(textOf(article), textOf(stored), article) : article.replaceWith(stored)))
  if (grows && !isRunning) article.dataset.drawn = ""
  window.htmx?.process(now)
  return now
}

/** All around the text becomes as it is around the other one. */
function renewAround(text, other, article) {
  text.hidden = false // Its raw form was around it, if that was shown.
  for (let [ours, theirs] = [text, other]; ours !== article; [ours, theirs] = [ours.parentNode, theirs.parentNode]) {
    const [before, after] = siblings(theirs)
    for (const node of siblings(ours).flat()) node.remove()
    ours.before(...before)
    ours.after(...after)
    takeAttributes(ours.parentNode, theirs.parentNode)
  }
}

function siblings(node) {
  const all = [...node.parentNode.childNodes]
  const place = all.indexOf(node)
  return [all.slice(0, place), all.slice(place + 1)]
}

function takeAttributes(ours, theirs) {
  for (const { name } of [...ours.attributes]) if (!theirs.hasAttribute(name)) ours.removeAttribute(name)
  for (const { name, value } of theirs.attributes) ours.setAttribute(name, value)
}

/** Who stands on Copy stands on Copy afterwards. */
function keepingFocus(before, after, change) {
  const label = before.contains(document.activeElement) && document.activeElement.getAttribute("aria-label")
  change()
  if (label) after.querySelector(`[aria-label="${label}"]`)?.focus()
}
