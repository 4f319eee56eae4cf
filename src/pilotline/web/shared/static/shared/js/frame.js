// The frame: menu on narrow screens, menus that close, "/" to search, requests that fail.

const head = document.querySelector(".site-head");
const menu = document.querySelector(".menu-button");

menu?.addEventListener("click", () => {
  const open = head.classList.toggle("open");
  menu.setAttribute("aria-expanded", String(open));
});

const folding = "details.person, details.filter, details.page-group";

document.addEventListener("click", (event) => {
  for (const one of document.querySelectorAll(folding)) {
    if (one.open && !one.contains(event.target)) one.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = event.target.closest?.(folding);
    if (open?.open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-main-search]");
    if (search?.offsetParent) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});

// What would push the content out of sight is folded on narrow screens.
function fold(root) {
  if (!matchMedia("(max-width: 62rem)").matches) return;
  for (const one of root.querySelectorAll("details[data-fold-narrow]")) {
    one.open = one.querySelector(":target") !== null;
  }
}

fold(document);
document.addEventListener("htmx:load", (event) => fold(event.detail.elt));

// A folded-out filter stays so when its list is fetched anew.
let unfolded = [];
document.addEventListener("htmx:beforeSwap", () => {
  unfolded = [...document.querySelectorAll("details.filter[open]")].map((one) => one.id);
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of unfolded) {
    const one = document.getElementById(id);
    if (one) one.open = true;
  }
});

// What a request that came back with nothing usable says.
const region = document.querySelector(".messages");

function say(text) {
  if (!region || !text) return;
  const line = document.createElement("li");
  line.className = "note bad";
  line.textContent = text;
  region.replaceChildren(line);
  region.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:sendError", () => say(region?.dataset.offline));
document.addEventListener("htmx:responseError", () => say(region?.dataset.failed));

document.querySelector(".problems")?.focus();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
