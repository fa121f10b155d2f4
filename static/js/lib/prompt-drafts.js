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

export function keepUnsaved(conversation, fields) {
  const typed = Array.from(fields, ({ name, value, defaultValue }) => [name, { value, instead: defaultValue }])
  unsavedOf(conversation).keep(JSON.stringify(typed))
}

/** The server has them: what is typed next is typed instead of these. */
export function forgetUnsaved(conversation, fields) {
  unsavedOf(conversation).keep("")
  for (const field of fields) if ("defaultValue" in field) field.defaultValue = field.value
}

/** Whether anything came back that the page did not come with. What was changed elsewhere since is not overwritten. */
export function bringBackUnsaved(conversation, fields) {
  const kept = new Map(JSON.parse(unsavedOf(conversation).read() || "[]"))
  const lost = [...fields].filter(({ name, value, defaultValue }) => {
    const draft = kept.get(name)
    return draft && draft.value !== value && draft.instead === defaultValue
  })
  for (const field of lost) field.value = kept.get(field.name).value
  return lost.length > 0
}
