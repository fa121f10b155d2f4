/* Mounts a behaviour on each element that names one, at load and after every swap. */

import { mountAddition } from "behaviors/addition"
import { mountAnnouncer } from "behaviors/announcer"
import { mountBlind } from "behaviors/blind"
import { mountBulk } from "behaviors/bulk"
import { mountBranching } from "behaviors/branching"
import { mountComparison } from "behaviors/comparison"
import { mountComposer } from "behaviors/composer"
import { mountConfirm } from "behaviors/confirm"
import { mountEditor } from "behaviors/editor"
import { mountEntries } from "behaviors/entries"
import { mountEstimate } from "behaviors/estimate"
import { mountExport } from "behaviors/export"
import { mountExportSelection } from "behaviors/export-selection"
import { mountHistory } from "behaviors/history"
import { mountHistoryFilter } from "behaviors/history-filter"
import { mountInspector } from "behaviors/inspector"
import { mountKeys } from "behaviors/keys"
import { mountLeaving } from "behaviors/leaving"
import { mountOwnComposer } from "behaviors/own-composer"
import { mountPalette } from "behaviors/palette"
import { mountPane } from "behaviors/pane"
import { mountPaneSettings } from "behaviors/pane-settings"
import { mountPanel } from "behaviors/panel"
import { mountPicker } from "behaviors/picker"
import { mountPrefill } from "behaviors/prefill"
import { mountPreparation } from "behaviors/preparation"
import { mountPrint } from "behaviors/print"
import { mountPromptEditor } from "behaviors/prompt-editor"
import { mountPromptUse } from "behaviors/prompt-use"
import { mountPromptValues } from "behaviors/prompt-values"
import { mountRename } from "behaviors/rename"
import { mountShare } from "behaviors/share"
import { mountShared } from "behaviors/shared"
import { mountSearch } from "behaviors/search"
import { mountSignOut } from "behaviors/sign-out"
import { mountSnippets } from "behaviors/snippets"
import { mountSweep } from "behaviors/sweep"
import { mountSystemPrompt } from "behaviors/system-prompt"
import { mountTags } from "behaviors/tags"
import { mountTemporary } from "behaviors/temporary"
import { mountTheme } from "behaviors/theme"
import { mountToasts } from "behaviors/toasts"
import { mountTranscript } from "behaviors/transcript"
import { mountTransfer } from "behaviors/transfer"
import { mountTree } from "behaviors/tree"
import { mountTreeDialog } from "behaviors/tree-dialog"
import { mountUsage } from "behaviors/usage"
import { giveCommandsIds } from "lib/commands"
import { listenForDrawers } from "lib/drawers"
import { tellOfUnreached } from "lib/unreached"

const BEHAVIORS = {
  addition: mountAddition,
  announcer: mountAnnouncer,
  blind: mountBlind,
  bulk: mountBulk,
  branching: mountBranching,
  comparison: mountComparison,
  composer: mountComposer,
  confirm: mountConfirm,
  editor: mountEditor,
  entries: mountEntries,
  estimate: mountEstimate,
  export: mountExport,
  "export-selection": mountExportSelection,
  history: mountHistory,
  "history-filter": mountHistoryFilter,
  inspector: mountInspector,
  keys: mountKeys,
  leaving: mountLeaving,
  "own-composer": mountOwnComposer,
  palette: mountPalette,
  pane: mountPane,
  "pane-settings": mountPaneSettings,
  panel: mountPanel,
  picker: mountPicker,
  prefill: mountPrefill,
  preparation: mountPreparation,
  print: mountPrint,
  "prompt-editor": mountPromptEditor,
  "prompt-use": mountPromptUse,
  "prompt-values": mountPromptValues,
  rename: mountRename,
  share: mountShare,
  shared: mountShared,
  search: mountSearch,
  "sign-out": mountSignOut,
  snippets: mountSnippets,
  sweep: mountSweep,
  "system-prompt": mountSystemPrompt,
  tags: mountTags,
  temporary: mountTemporary,
  theme: mountTheme,
  toasts: mountToasts,
  transcript: mountTranscript,
  transfer: mountTransfer,
  tree: mountTree,
  "tree-dialog": mountTreeDialog,
  usage: mountUsage,
}

const mounted = new WeakSet()

function mountAll(root) {
  for (const element of [root, ...root.querySelectorAll("[data-behavior]")]) {
    const mount = BEHAVIORS[element.dataset?.behavior]
    if (!mount || mounted.has(element)) continue
    mounted.add(element)
    try {
      mount(element)
    } catch (error) {
      console.error(error) // The others still work.
    }
  }
}

giveCommandsIds()
listenForDrawers()
tellOfUnreached()
mountAll(document.body)
for (const name of ["htmx:after:swap", "content-added"]) document.addEventListener(name, () => mountAll(document.body))
