/* The only way in which text of a model becomes part of the page: elements by name, text as text. */

const SVG = "http://www.w3.org/2000/svg"

/** An element with these attributes (those that are null are left out) and children (nodes or strings). */
export function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children)
}

/** An icon of the page's sprite; says nothing to a screen reader. */
export function icon(name) {
  const use = furnish(document.createElementNS(SVG, "use"), { href: `#icon-${name}` }, [])
  return furnish(document.createElementNS(SVG, "svg"), { class: "icon", "aria-hidden": "true" }, [use])
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) node.setAttribute(name, value)
  }
  node.append(...children)
  return node
}
