/* What is selected in the history, as one file: the browser's own form, so that what comes is a download. */

const NAMES = ["entries", "everything", "filter:q", "filter:archived", "filter:folder", "filter:tag"]

export function mountExportSelection(form) {
  const [dialog, bulk] = [form.querySelector("dialog"), document.querySelector("[data-bulk]")]
  form.addEventListener("formdata", ({ formData }) => {
    for (const name of NAMES) formData.set(name, bulk.elements[name].value)
  })
  form.addEventListener("submit", () => dialog.close())
  form.querySelector("[data-cancel]").addEventListener("click", () => dialog.close())
}
