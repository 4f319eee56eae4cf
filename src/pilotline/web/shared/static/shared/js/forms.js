// Forms: sent once, nothing typed gets lost, counters, files checked before they travel.

const dirty = new Set();

function guarded(form) {
  return form.matches("form") && form.method.toLowerCase() === "post";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !guarded(form)) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  dirty.delete(form);
  // After the values were read: a disabled button would not send its own.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.setAttribute("aria-busy", "true");
    }
  });
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Coming back by the browser's button shows the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  release(form);
  if (event.detail.successful) dirty.delete(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.keep !== undefined) dirty.add(form);
  count(event.target);
});

window.addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

function count(field) {
  const line = field.dataset?.counter && document.getElementById(`${field.id}_count`);
  if (!line) return;
  const most = Number(field.dataset.counter);
  const length = [...field.value].length;
  line.textContent = `${length} / ${most}`;
  line.classList.toggle("over", length > most);
}

// Too large a file is said before it travels, in words the page brought along.
document.addEventListener("change", (event) => {
  const field = event.target;
  const most = Number(field.dataset?.maxBytes);
  if (field.type !== "file" || !most) return;
  const large = [...field.files].find((file) => file.size > most);
  field.setCustomValidity(large ? `${field.dataset.tooLarge} (${large.name})` : "");
  if (large) field.reportValidity();
});

function prepare(root) {
  for (const field of root.querySelectorAll("[data-counter]")) count(field);
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
