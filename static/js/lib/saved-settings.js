/* What the server has of the settings in the page. A save posts only what is another one here: all else may have been
   changed in another tab meanwhile, and that stays. */

const savedIn = new WeakMap() // form -> by name, what the server has

/** What counts only together is posted together. */
const TOGETHER = [/^(system_prompt|prompt_version|variable:.*)$/, /^(provider|model)$/, /^(response_format|schema)$/]

/** As the server has drawn them: what was typed since is not among them. */
function drawnIn(fields) {
  return new Map(Array.from(fields, (field) => [field.name, drawn(field)]))
}

function drawn(field) {
  if (!field.options) return field.defaultValue
  return ([...field.options].find(({ defaultSelected }) => defaultSelected) ?? field.options[0])?.value ?? ""
}

/** At once, before anything is changed by hand. */
export function rememberDrawn(form) {
  if (form && !savedIn.has(form)) savedIn.set(form, drawnIn([...form.elements].filter(({ name }) => name)))
}

export function rememberSaved(form, settings) {
  const saved = savedIn.get(form)
  for (const [name, value] of settings) saved.set(name, value)
}

export function unsavedOf(form, settings) {
  const saved = savedIn.get(form)
  const isOther = ([name, value]) => value !== (saved.get(name) ?? "")
  const groups = new Set([...settings].filter(isOther).map(([name]) => groupOf(name)))
  return [...settings].filter(([name]) => groups.has(groupOf(name)))
}

const groupOf = (name) => TOGETHER.find((group) => group.test(name)) ?? name

/** The names of those that the server now draws otherwise, in `page`, than it had them here. */
export function changedElsewhere(form, page) {
  const saved = savedIn.get(form)
  const fields = [...page.querySelectorAll('[name][form="settings-form"]')].filter((field) => !field.closest("dialog"))
  return [...drawnIn(fields)].filter(([name, value]) => meaning(value) !== meaning(saved.get(name) ?? "")).map(([name]) => name)
}

/** The server writes numbers and JSON in its own way. */
function meaning(value) {
  try {
    return JSON.stringify(JSON.parse(value))
  } catch {
    return value
  }
}
