/* A new chat is not stored before its first message: its system prompt and the values in it are drafts until then. */

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

/** The values of a form, for the chat that is about to open. */
export function keepTyped(version, form) {
  for (const field of form?.elements ?? []) if (field.matches("[data-setting]") && field.value) keepDraft(version, field)
}
