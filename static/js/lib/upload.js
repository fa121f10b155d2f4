/* A file in pieces, each of which may be sent again: the server says how much it has. */

import { formToken } from "lib/dom"

const PIECE = 4 * 1024 * 1024
const TRIES = 6
const UNREACHED = "The server cannot be reached. Choose the file again when it is back."

/** Resolves when all of it is there. Throws in words for people, or with an AbortError if `signal` says so. */
export async function upload(file, url, { command, signal, progress }) {
  const begun = await post(url, new URLSearchParams({ command, name: file.name, size: file.size }), signal)
  let at = begun.have
  let [failed, status] = [0, begun.status]
  while (status === "uploading" && at < file.size) {
    const piece = file.slice(at, at + PIECE)
    try {
      const told = await post(`/transfers/${begun.id}/pieces/?at=${at}`, piece, signal)
      ;[at, status, failed] = [told.have, told.status ?? status, 0]
    } catch (error) {
      if (!error.again || ++failed === TRIES) throw error
      await rest(2 ** failed * 250, signal)
    }
    progress(Math.min(at, file.size))
  }
  return begun.id
}

async function post(url, body, signal) {
  const headers = { "X-CSRFToken": formToken(), "HX-Request": "true" }
  // A piece is bytes, whatever the browser thinks of the file.
  if (body instanceof Blob) headers["Content-Type"] = "application/octet-stream"
  const response = await fetch(url, { method: "POST", headers, body, signal }).catch((error) => {
    if (error.name === "AbortError") throw error
    throw Object.assign(new Error(UNREACHED), { again: true })
  })
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json")
  // 409 with a number says where to go on.
  if (isJson) return response.json()
  if (response.redirected) throw new Error("You are signed out. Reload the page to sign in.")
  throw Object.assign(new Error(await wordsIn(response)), { again: response.status >= 502 && response.status <= 504 })
}

async function wordsIn(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  return page.querySelector(".refusal")?.textContent.trim() || "The server refused the file. Try again."
}

function rest(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true })
  })
}
