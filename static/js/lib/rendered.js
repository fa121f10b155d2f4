/* The view of each text in the page. The renderer comes with the first text: an empty page does without. */

const TRY_AGAIN_MS = 1000

const views = new WeakMap()
let renderer = null

/** The MarkdownView of this element, made from its text if it has none yet. */
export async function rendered(element, { live = false } = {}) {
  if (views.has(element)) return again(views.get(element), live)
  const text = element.textContent
  renderer ??= loadRenderer()
  const { MarkdownView } = await renderer
  if (views.has(element)) return again(views.get(element), live)
  const view = new MarkdownView(element, { live })
  views.set(element, view)
  view.replace(text)
  if (!live) view.finish()
  return view
}

/** What is drawn already may be written on. */
function again(view, live) {
  if (live) view.reopen()
  return view
}

/** Null as long as nothing is drawn. */
export function drawnView(element) {
  return views.get(element) ?? null
}

/** The exact text, drawn or not. */
export function rawText(element) {
  return views.get(element)?.text ?? element.textContent
}

/** Until it comes: the server may be on its way up again. Fetched first, because an import that failed fails for ever. */
async function loadRenderer() {
  const files = ["lib/markdown", "vendor/markdown-it"].map((name) => import.meta.resolve(name))
  for (;;) {
    try {
      await Promise.all(files.map((file) => fetch(file)))
      return await import("lib/markdown")
    } catch {
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
    }
  }
}
