/* Letters are keys only where they are no letters of a text. */

const TEXTS = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]"

export function isTyping({ target, defaultPrevented }) {
  return defaultPrevented || Boolean(target.closest?.(TEXTS)) || Boolean(document.querySelector("dialog[open]"))
}
