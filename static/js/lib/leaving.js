/* Links that could carry a conversation away. A model that was talked into it can write what it was told into an
   address, and whoever follows the link hands it over. Such links ask first. */

const LONGEST = 500 // characters of an address
const RUN = 16 // letters of the conversation in a row
const VALUE = 6 // letters of the conversation that are a whole value of the query

/** Why following this address should be asked for, or nothing. `said` is what a person wrote in the conversation. */
export function reasonToAsk(address, said) {
  if (address.length > LONGEST) return `It is ${address.length.toLocaleString("en")} characters long, and can carry text of this conversation away.`
  const words = plain(said)
  if (holdsRun(plain(decode(address)), words) || holdsValue(address, words)) return "It carries text that you wrote in this conversation."
  return ""
}

function holdsRun(address, words) {
  for (let at = 0; at + RUN <= address.length; at++) if (words.includes(address.slice(at, at + RUN))) return true
  return false
}

function holdsValue(address, words) {
  const padded = ` ${words} `
  return [...new URL(address).searchParams.values()]
    .map(plain)
    .some((value) => value.length >= VALUE && padded.includes(` ${value} `))
}

/** Letters and figures only: how the words are joined in an address says nothing. */
function plain(text) {
  return text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()
}

function decode(address) {
  const { search, pathname, hash } = new URL(address)
  try {
    return decodeURIComponent(`${pathname} ${search} ${hash}`.replaceAll("+", " "))
  } catch {
    return `${pathname} ${search} ${hash}`
  }
}
