/* What the list beside the page shows: everything, a folder, a tag, or what is archived. It stays so on the next page. */

import { tell } from "lib/dom"
import { chosenFilter, chooseFilter } from "lib/history-place"
import { mountSharedMenu } from "lib/shared-menu"

export function mountHistoryFilter(root) {
  const [opener, menu, name] = ["[data-open-filter]", "[data-filter-menu]", "[data-filter-name]"].map((each) => root.querySelector(each))
  const open = mountSharedMenu(menu)
  const all = name.textContent

  function show() {
    const { name: chosen, query } = chosenFilter()
    name.textContent = query ? chosen : all
    opener.toggleAttribute("data-narrowed", Boolean(query))
  }

  let closing = false
  opener.addEventListener("pointerdown", () => (closing = opener.getAttribute("aria-expanded") === "true"))
  opener.addEventListener("click", () => {
    if (!closing) open(opener, `${opener.dataset.url}?${chosenFilter().query}`)
    closing = false
  })
  menu.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-show]")
    if (!item) return
    chooseFilter({ query: item.dataset.show, name: item.textContent.trim() })
    show()
    tell("history-filtered")
  })
  document.addEventListener("history-filter-gone", show)
  show()
}
