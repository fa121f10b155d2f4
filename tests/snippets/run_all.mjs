// Runs every snippet of the folder it stands in, in order. What one prints goes to a file of its name.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"

let out = ""
process.stdout.write = (text) => Boolean((out += text)) || true
console.log = (text) => (out += `${text}\n`)

for (const file of readdirSync(".").filter((name) => /^\d+\.mjs$/.test(name)).sort()) {
  out = ""
  try {
    await import(`./${file}`)
  } catch (error) {
    process.exitCode = 1
    console.error(file, error, readFileSync(file, "utf8"))
  }
  writeFileSync(`${file}.out`, out)
}
