/* Small things that several behaviours need. */

/** Tell whoever listens. Behaviours never call one another: they speak by events on the document. */
export function tell(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(name, { detail }))
}

/** Listen on the document, or another target, for as long as the element is in the page. */
export function hear(element, name, heard, options, target = document) {
  const listener = (event) => {
    if (element.isConnected) heard(event)
    else target.removeEventListener(name, listener, options)
  }
  target.addEventListener(name, listener, options)
}

/** Once it was quiet for so long, however often it was asked for. */
export function later(act, ms) {
  let timer
  return () => {
    clearTimeout(timer)
    timer = setTimeout(act, ms)
  }
}

export function refusal(words) {
  const paragraph = document.createElement("p")
  paragraph.className = "refusal"
  paragraph.role = "alert"
  paragraph.textContent = words
  return paragraph
}

/** What a request that changes something must carry. As it is now: another tab may have got a newer one. */
export function formToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? ""
}
