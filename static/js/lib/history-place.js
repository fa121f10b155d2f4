/* Where somebody is in the list beside the page, from one page to the next: what it shows, how much of it is loaded, how
   far it is scrolled. In this tab only, and no word of a conversation. */

const FILTER = "history-filter"
const PLACE = "history-place"

export const chosenFilter = () => read(FILTER) ?? { query: "", name: "" }
export const chooseFilter = (filter) => write(FILTER, filter.query ? filter : null)

export const placeInList = () => read(PLACE)
export const keepPlace = (place) => write(PLACE, place)

function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name))
  } catch {
    return null
  }
}

function write(name, value) {
  try {
    if (value) sessionStorage.setItem(name, JSON.stringify(value))
    else sessionStorage.removeItem(name)
  } catch {
    // A browser that keeps nothing: the next page begins at the top.
  }
}
