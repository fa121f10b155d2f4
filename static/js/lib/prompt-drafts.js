/* What a person typed in a system prompt is a draft until the server has it: of a new chat, which is stored with its
   first message, and of a stored one, for as long as its settings cannot be saved. */

import { Draft } from "lib/draft"

/** Without a saved prompt, the draft of the system prompt is one; with one, each version has its own. */
function draftOf(version, name) {
  return new Draft(version ? `new-${version}-${name}` : `new-${name.replace("_", "-")}`)
}

export function keepDraft(version, { name, value }) {
  draftOf(version, name).keep(value)
}

/** What was typed before takes the place of what the page came with. */
export function bringBack(version, fields) {
  for (const field of fields) field.value = draftOf(version, field.name).read() || field.value
}

export function forgetDrafts(version, fields) {
  for (const { name } of fields) draftOf(version, name).keep("")
}

/** All of a stored chat in one: an empty text is something that was typed, too. */
const unsavedOf = (conversation) => new Draft(`unsaved-${conversation}`)

export function valuesOf(fields) {
  return new Map(Array.from(fields, ({ name, value }) => [name, value]))
}

/** `stored` is what the server has, and what this is typed instead of. */
export function keepUnsaved(conversation, fields, stored) {
  unsavedOf(conversation).keep(JSON.stringify([[...valuesOf(fields)], [...stored]]))
}

/** Of this page: what another tab could not save is not ours to forget. */
export function forgetUnsaved(conversation, fields) {
  const [typed] = unsavedNow(conversation)
  if (JSON.stringify([...typed]) === JSON.stringify([...valuesOf(fields)])) unsavedOf(conversation).keep("")
}

/** Whether anything came back that the page did not come with. What was changed elsewhere since is not overwritten. */
export function bringBackUnsaved(conversation, fields) {
  const [typed, instead] = unsavedNow(conversation)
  const lost = [...fields].filter(({ name, value }) => typed.has(name) && typed.get(name) !== value && instead.get(name) === value)
  for (const field of lost) field.value = typed.get(field.name)
  if (!lost.length) unsavedOf(conversation).keep("")
  return lost.length > 0
}

function unsavedNow(conversation) {
  return JSON.parse(unsavedOf(conversation).read() || "[[], []]").map((pairs) => new Map(pairs))
}
