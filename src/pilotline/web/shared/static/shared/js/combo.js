// A select with many choices becomes a field that filters while you type.
// The select stays in the form and keeps its name: without scripts it is all there is.

function make(select) {
  if (select.dataset.ready) return;
  select.dataset.ready = "yes";
  const box = document.createElement("div");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const label = document.querySelector(`label[for="${select.id}"]`);
  let active = -1;

  box.className = "combo";
  input.type = "text";
  input.id = `${select.id}_words`;
  input.autocomplete = "off";
  list.id = `${select.id}_list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  const role = { role: "combobox", "aria-controls": list.id, "aria-expanded": "false" };
  for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
    if (select.hasAttribute(name)) role[name] = select.getAttribute(name);
  }
  for (const [name, value] of Object.entries(role)) input.setAttribute(name, value);
  if (label) {
    label.htmlFor = input.id;
    label.id ||= `${select.id}_label`;
    list.setAttribute("aria-labelledby", label.id);
  }
  select.hidden = true;
  select.before(box);
  box.append(select, input, list);

  const words = () => (select.value ? select.selectedOptions[0].text : "");
  const items = () => [...list.querySelectorAll("[role=option]")];

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(next) {
    const all = items();
    if (!all.length) return;
    active = (next + all.length) % all.length;
    all.forEach((one, i) => one.setAttribute("aria-selected", String(i === active)));
    all[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[active].id);
  }

  function open(filter) {
    const wanted = filter.trim().toLowerCase();
    list.replaceChildren();
    for (const option of select.options) {
      if (!option.value || !option.text.toLowerCase().includes(wanted)) continue;
      const item = document.createElement("li");
      item.id = `${select.id}_o${option.index}`;
      item.role = "option";
      item.textContent = option.text;
      item.dataset.value = option.value;
      list.append(item);
    }
    if (!list.children.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = select.dataset.none || "–";
      list.append(none);
    }
    active = -1;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function choose(item) {
    select.value = item.dataset.value;
    input.value = words();
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  }

  input.value = words();
  input.addEventListener("click", () => open(""));
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    open(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open("");
      point(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const item = items()[Math.max(active, 0)];
      if (item) choose(item);
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", () => {
    if (!input.value.trim() && select.value) {
      select.value = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    input.value = words();
    close();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item) choose(item);
  });
}

function prepare(root) {
  for (const select of root.querySelectorAll("select[data-combo]")) make(select);
}

prepare(document);
document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
