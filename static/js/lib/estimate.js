/* How many tokens a text is, where nobody has counted yet: the rule of chat/estimates.py, for what is being typed. */

const encoder = new TextEncoder()

export function bytesOf(text) {
  return encoder.encode(text).length
}

/** Small sums keep two figures that mean something. */
export function inDollars(sum) {
  if (sum <= 0) return "$0"
  const digits = sum >= 1 ? 2 : Math.max(4, 1 - Math.floor(Math.log10(sum)))
  return `$${sum.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

/** What the server has said of a conversation, in the attributes of an element. */
export function knownFrom({ sent, around, bytesPerToken, price = 0, context = 0 }) {
  return { sent: Number(sent), around: Number(around), bytesPerToken: Number(bytesPerToken), price: Number(price), context: Number(context) }
}

/** `texts` are those that the server could not count: they stand in the page. Null while there is nothing to send. */
export function estimate(known, texts) {
  const fresh = texts.filter((text) => text.trim()).map((text) => bytesOf(text) + known.around)
  const bytes = fresh.reduce((sum, size) => sum + size, known.sent)
  if (!bytes) return null
  const tokens = Math.ceil(bytes / known.bytesPerToken)
  return { tokens, cost: (tokens * known.price) / 1e6, tooMany: known.context > 0 && tokens > known.context }
}

/** What a composer holds, with the start of the answer if there is one. */
export function typedIn({ elements: { message, start } }) {
  return start && !start.disabled ? [message.value, start.value] : [message.value]
}
