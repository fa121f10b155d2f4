/* A body that comes line by line, each a JSON value. */

export async function readLines(body, take) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ""
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split("\n")
    rest = lines.pop()
    for (const line of lines) take(JSON.parse(line))
  }
}
