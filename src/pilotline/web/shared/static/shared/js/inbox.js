// The inbox by keyboard and in bulk: J and K move from row to row, X ticks, A ticks all, Enter opens.

const rows = () => [...document.querySelectorAll("#inbox tbody tr")];
const boxes = () => [...document.querySelectorAll("#inbox tbody input[name=run]")];
const every = document.getElementById("tick-all");
const bulk = document.getElementById("bulk");

function go(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.classList.contains("is-here"));
  const next = Math.min(Math.max(here + step, 0), all.length - 1);
  for (const row of all) row.classList.remove("is-here");
  all[next].classList.add("is-here");
  all[next].scrollIntoView({ block: "nearest" });
  all[next].querySelector("a")?.focus();
}

// The box above shows what is ticked below: all, none or some.
function repeat() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  every.checked = all.length > 0 && ticked === all.length;
  every.indeterminate = ticked > 0 && ticked < all.length;
  every.disabled = all.length === 0;
}

function tickAll(wanted) {
  for (const box of boxes()) box.checked = wanted;
  repeat();
}

every.addEventListener("change", () => tickAll(every.checked));
document.addEventListener("change", (event) => {
  if (event.target.matches("#inbox input[name=run]")) repeat();
});
document.addEventListener("htmx:afterSwap", repeat);
// What was narrowed after the page was loaded stands in the address only.
bulk.addEventListener("submit", () => {
  bulk.elements.asked.value = location.search.slice(1);
});
repeat();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "a") tickAll(boxes().some((box) => !box.checked));
  else if (event.key === "x") {
    const box = document.querySelector("#inbox tr.is-here input[name=run]");
    if (box) box.checked = !box.checked;
    repeat();
  } else return;
  event.preventDefault();
});
