/* Export: a menu of the kinds of file. What is in them is made by the server. */

import { mountMenu } from "lib/menu"

export function mountExport(root) {
  mountMenu(root)
}
