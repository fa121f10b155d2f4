/* Links and images of a model's text. Nothing here makes the browser ask another computer for anything until
   a person follows a link, and a link always shows where it leads. */

import { element, icon } from "lib/render-nodes"

const LINKS = /^(?:https?:\/\/|mailto:)/i
const IMAGES = /^data:image\/(?:png|jpeg|gif|webp);/i

/** What may be the address of a link or an image; with any other address Markdown stays text. */
export function isSafeAddress(address) {
  return (LINKS.test(address) && URL.canParse(address)) || IMAGES.test(address)
}

/** An empty link to this address, to be filled; a plain span if one cannot go there. */
export function linkTo(address, title = null) {
  if (!LINKS.test(address)) return element("span")
  return element("a", {
    href: address,
    title: title || null,
    target: "_blank",
    rel: "noopener noreferrer nofollow",
    referrerpolicy: "no-referrer",
  })
}

/** Adds the true destination to a filled link, unless its text is that very address. */
export function revealHost(link) {
  if (link.localName !== "a") return
  const url = new URL(link.href)
  if (saysWhere(link.textContent.trim(), url)) return
  link.append(element("span", { class: "link-host" }, ` (${destination(url)})`))
}

/** An image that came with the text is shown; of a remote one only its description and its address. */
export function image(address, description, isInLink) {
  if (IMAGES.test(address)) return element("img", { src: address, alt: description, class: "prose__image" })
  const link = isInLink ? element("span") : linkTo(address)
  link.append(address)
  const label = element("span", { class: "remote-image__label" }, description || "Image")
  return element("span", { class: "remote-image" }, icon("image"), label, " ", link)
}

function destination(url) {
  return isMail(url) ? decode(url.pathname) : url.host
}

/** A text that only begins like the address ("https://bank.test@evil.test") does not say where it leads. */
function saysWhere(text, url) {
  if (isMail(url)) return text === destination(url)
  if (url.username || url.password || /\s/.test(text)) return false
  const shown = /^https?:\/\//i.test(text) ? text : `${url.protocol}//${text}`
  return URL.canParse(shown) && new URL(shown).host === url.host && text.toLowerCase().includes(url.host)
}

function isMail(url) {
  return url.protocol === "mailto:"
}

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a lone % is not an escape; the address is shown as it stands
  }
}
