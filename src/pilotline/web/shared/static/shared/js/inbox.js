// The inbox by keyboard: J and K move from row to row, X ticks, Enter opens.

const rows = () => [...document.querySelectorAll("#inbox tbody tr")];

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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "x") {
    const box = document.querySelector("#inbox tr.is-here input[type=checkbox]");
    if (box) box.checked = !box.checked;
  } else return;
  event.preventDefault();
});
