/* Turns what is shown into what should be shown, and keeps every node that may stay:
   a selection, a scroll position and a focus survive the next token. */

const sources = new WeakMap()

/** Says what this node was made from. Its content is then left alone until it is made from something else. */
export function markSource(node, source) {
  sources.set(node, source)
  return node
}

/** Makes the children of `parent` from `first` on equal to the fresh nodes; returns those now in place. */
export function patchChildren(parent, fresh, first = null) {
  const placed = []
  let old = first
  for (const node of fresh) {
    const next = old?.nextSibling ?? null
    placed.push(old ? patch(old, node) : parent.appendChild(node))
    old = next
  }
  while (old) {
    const next = old.nextSibling
    old.remove()
    old = next
  }
  return placed
}

function patch(old, fresh) {
  if (isSameThing(old, fresh)) return old
  if (!isSameKind(old, fresh)) {
    old.replaceWith(fresh)
    return fresh
  }
  if (old.nodeType === Node.TEXT_NODE) writeText(old, fresh.data)
  else {
    patchAttributes(old, fresh)
    patchChildren(old, [...fresh.childNodes], old.firstChild)
  }
  return old
}

function isSameThing(old, fresh) {
  return sources.has(old) && sources.get(old) === sources.get(fresh) && old.nodeName === fresh.nodeName
}

function isSameKind(old, fresh) {
  return old.nodeName === fresh.nodeName && !sources.has(old) && !sources.has(fresh)
}

/** Appending keeps a selection inside the text, where setting it anew would not. */
function writeText(node, text) {
  if (node.data === text) return
  if (text.startsWith(node.data)) node.appendData(text.slice(node.data.length))
  else node.data = text
}

function patchAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name)) old.removeAttribute(name)
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  }
}
