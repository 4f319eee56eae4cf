// Choosing a time on a calendar: drag over a line, or focus it and use the arrow keys.
// Without scripts the free stretches are links that lead to the same form.

const MINUTE = 60000;

for (const timeline of document.querySelectorAll("[data-timeline][data-book]")) {
  const told = timeline.querySelector(".timeline-chosen");
  for (const row of timeline.querySelectorAll(".timeline-row")) prepare(timeline, row, told);
}

function prepare(timeline, row, told) {
  const minutes = Number(row.dataset.minutes);
  const slot = Number(row.dataset.slot);
  const shortest = Math.max(slot, Number(row.dataset.shortest));
  const start = new Date(row.dataset.start).getTime();
  const mark = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  mark.setAttribute("class", "chosen");
  mark.setAttribute("y", "0");
  mark.setAttribute("height", "10");
  let from = null;
  let chosen = null;

  row.tabIndex = 0;

  const snap = (value, round) => Math.min(minutes, Math.max(0, round(value / slot) * slot));
  const at = (event) => {
    const box = row.getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * minutes;
  };
  const local = (minute) => {
    // The place's own time: the offset stands in data-start.
    const offset = row.dataset.start.slice(-6);
    const sign = offset[0] === "-" ? -1 : 1;
    const shift = sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)));
    return new Date(start + (minute + shift) * MINUTE).toISOString().slice(0, 16);
  };
  const show = (begin, end) => {
    chosen = [begin, Math.max(end, begin + shortest)];
    mark.setAttribute("x", String((chosen[0] / minutes) * 100));
    mark.setAttribute("width", String(((chosen[1] - chosen[0]) / minutes) * 100));
    row.append(mark);
    told.textContent =
      `${row.getAttribute("aria-label")}: ${local(chosen[0]).replace("T", " ")} – ` +
      `${local(chosen[1]).replace("T", " ")}. ${timeline.dataset.hint}`;
  };
  const book = () => {
    const address = new URL(timeline.dataset.book, location.href);
    address.searchParams.set("resource", row.dataset.resource);
    address.searchParams.set("start", local(chosen[0]));
    address.searchParams.set("end", local(chosen[1]));
    address.hash = "hold";
    location.assign(address);
  };

  row.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    from = at(event);
  });
  row.addEventListener("pointermove", (event) => {
    if (from === null) return;
    const to = at(event);
    if (Math.abs(to - from) < slot / 2) return;
    row.setPointerCapture(event.pointerId);
    show(snap(Math.min(from, to), Math.floor), snap(Math.max(from, to), Math.ceil));
  });
  row.addEventListener("pointerup", (event) => {
    const dragged = from !== null && chosen !== null && row.hasPointerCapture(event.pointerId);
    from = null;
    if (dragged) book();
  });
  row.addEventListener("dragstart", (event) => event.preventDefault());
  row.addEventListener("keydown", (event) => {
    if (event.target !== row) return;
    const step = { ArrowLeft: -slot, ArrowRight: slot }[event.key];
    if (step) {
      event.preventDefault();
      const now = snap((Date.now() - start) / MINUTE, Math.ceil);
      const [begin, end] = chosen ?? [now < minutes ? now : 0, 0];
      if (chosen === null) show(begin, begin + shortest);
      else if (event.shiftKey) show(begin, Math.min(minutes, end + step));
      else if (begin + step >= 0 && end + step <= minutes) show(begin + step, end + step);
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      book();
    } else if (event.key === "Escape" && chosen) {
      chosen = null;
      mark.remove();
      told.textContent = "";
    }
  });
}
