/* The drawer with the settings of one pane at a time. What is changed there is saved there, and in the linked panes. */

import { hear, refusal, tell } from "lib/dom"
import { replaceById } from "lib/panes"
import { changedElsewhere } from "lib/saved-settings"
import { settingsForm } from "lib/settings-now"
import { standIn } from "lib/stand-in"
import { conversationOf, errorsIn, threadOf } from "lib/thread"

export function mountPaneSettings(drawer) {
  let opener = null // whose settings are shown, or on their way
  let saved = null // what was typed last is on its way: what is asked for before it arrives does not hold it
  let saves = 0
  let isBehind = false // another tab has changed what is typed in here

  function save() {
    const asked = {}
    tell("settings-leave", asked)
    saved = asked.saved ?? saved
    return saved
  }

  /** True if they are shown now: somebody may have asked for others meanwhile. */
  async function load() {
    const asked = opener
    await save()
    if (opener !== asked) return false
    let fresh = await settingsFrom(asked.dataset.url)
    if (drawer.querySelector("[data-unsaved]")) {
      // Somebody went on typing in the settings that were shown meanwhile.
      await save()
      fresh = await settingsFrom(asked.dataset.url)
    }
    if (opener !== asked) return false
    if (!fresh) {
      close()
      errorsIn(threadOf(asked))?.replaceChildren(refusal("The settings of this pane could not be loaded. Try again."))
      return false
    }
    drawer.replaceChildren(fresh)
    drawer.hidden = false
    drawer.dataset.open = ""
    opener.setAttribute("aria-expanded", "true")
    threadOf(opener).scrollIntoView({ inline: "nearest", block: "nearest" }) // There is less room now.
    tell("content-added")
    return true
  }

  /** What another tab has changed is shown, but not under the hands of somebody who changes it here. */
  async function catchUp() {
    const [form, before] = [settingsForm(), saves]
    const fresh = await settingsFrom(opener.dataset.url)
    if (!fresh || !showsOpened()) return
    // Shown anew or saved here meanwhile, and this may be older.
    if (settingsForm() !== form || saves !== before) return catchUp()
    const changed = changedElsewhere(form, fresh)
    isBehind = isInUse(drawer, changed)
    if (!changed.length || isBehind) return
    standIn(drawer, fresh)
    tell("content-added")
  }

  function close() {
    save()
    const held = drawer.contains(document.activeElement)
    drawer.hidden = true
    delete drawer.dataset.open
    drawer.replaceChildren()
    opener?.setAttribute("aria-expanded", "false")
    if (held) (opener.isConnected ? opener : document.getElementById("message")).focus()
    opener = null
  }

  hear(drawer, "open-pane-settings", async ({ detail }) => {
    const before = opener
    if (before === detail.opener) return close()
    before?.setAttribute("aria-expanded", "false")
    opener = detail.opener
    const at = document.activeElement
    // Who has gone on to something else meanwhile stays there.
    if ((await load()) && document.activeElement === at) drawer.querySelector("[data-close-settings]").focus()
  })
  drawer.addEventListener("click", ({ target }) => target.closest("[data-close-settings]") && close())
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    event.stopPropagation()
    close()
  })
  drawer.addEventListener("focusout", () => setTimeout(() => isBehind && showsOpened() && catchUp()))
  const isOf = (conversation) => drawer.querySelector("[data-settings-of]")?.dataset.settingsOf === conversation
  const showsOpened = () => opener?.isConnected && isOf(conversationOf(threadOf(opener)))
  hear(drawer, "pane-model-saved", ({ detail }) => isOf(detail.conversation) && load())
  hear(drawer, "panes-arranged", () => {
    if (opener && !opener.isConnected) close()
    if (!showsOpened()) return
    drawer.querySelector(".settings__head h2").textContent = threadOf(opener).dataset.name
    catchUp()
  })
  hear(drawer, "settings-saved", ({ detail }) => {
    saves += 1
    if (detail.told) replaceById(detail.told)
  })
}

/** Whether somebody is at work there: what is typed is not saved yet, or would be replaced as it is typed. */
function isInUse(drawer, changed) {
  const field = document.activeElement
  if (drawer.querySelector("[data-unsaved], dialog[open]")) return true
  return drawer.contains(field) && (changed.includes(field.name) || (field.matches("[data-adds]") && field.value !== ""))
}

async function settingsFrom(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null)
  if (!response?.ok || response.redirected) return null
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  return document.adoptNode(page.querySelector("[data-settings-of]"))
}
