// Native dialogs: a[data-dialog] opens the <dialog> that its href names, [data-dialog-close] closes it.
// Without scripting the link's :target shows the dialog, and 取消 is a link that ends it.
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById((opener.hash || "").slice(1));
    if (typeof dialog?.showModal !== "function") return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  const dialog = closer?.closest("dialog");
  if (!dialog?.open) return;
  event.preventDefault();
  dialog.close();
});
