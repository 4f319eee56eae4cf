// Looks at the page as a person would. Answers with sentences about what is wrong (`found`) and with
// the texts that are shown and ours to translate (`ours`).
() => {
  // What is shown as it was recorded or typed is not ours to translate.
  const AS_RECORDED = "[lang=en]:not(html), ins, del, code, pre, [translate=no]";
  const found = [];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (one) => {
    const id = one.id ? `#${one.id}` : "";
    const kind = typeof one.className === "string" && one.className ? `.${one.className.split(" ")[0]}` : "";
    return `<${one.tagName.toLowerCase()}${id}${kind}>`;
  };

  // Nothing may stick out sideways.
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) {
    const edge = document.documentElement.clientWidth;
    const scrolls = (one) => one.closest(".table-frame, pre, .tabs, .doors, [data-scrolls]");
    const culprit = [...document.body.querySelectorAll("*")].find(
      (one) => one.getBoundingClientRect().right > edge + 1 && !scrolls(one),
    );
    found.push(`sticks out by ${wide} px: ${culprit ? name(culprit) : "?"}`);
  }

  // Every control says what it is, every picture and link too.
  for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const labelled = one.labels?.length || one.ariaLabel || one.getAttribute("aria-labelledby");
    if (shown(one) && !labelled) found.push(`no label: ${name(one)} ${one.name}`);
  }
  for (const one of document.querySelectorAll("a[href], button, summary")) {
    const said = (one.textContent + (one.ariaLabel ?? "")).trim() || one.querySelector("[aria-label]");
    if (shown(one) && !said) found.push(`no words: ${name(one)}`);
  }
  for (const one of document.querySelectorAll("img:not([alt])")) found.push(`no alt: ${name(one)}`);

  // One first heading, and none left out on the way down.
  const heads = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(shown);
  const firsts = heads.filter((one) => one.tagName === "H1").length;
  if (firsts !== 1) found.push(`${firsts} headings of the first level`);
  let before = 0;
  for (const one of heads) {
    const level = Number(one.tagName[1]);
    if (level > before + 1) found.push(`heading jumps to ${one.tagName}: ${one.textContent.trim()}`);
    before = level;
  }

  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) found.push(`id twice: ${id}`);
  for (const one of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]")) {
    for (const kind of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
      for (const id of (one.getAttribute(kind) ?? "").split(" ").filter(Boolean)) {
        if (!document.getElementById(id)) found.push(`${kind} points nowhere: ${id}`);
      }
    }
  }
  if (!document.documentElement.lang) found.push("no language");
  if (document.querySelector("[style]:not(svg *)")) found.push(`inline style: ${name(document.querySelector("[style]:not(svg *)"))}`);

  // Words stand out from what is behind them.
  const channels = (colour) => colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  const light = (colour) => {
    const [r, g, b] = channels(colour).map((c) => {
      const share = c / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0.5) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const dull = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const ours = new Set();
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const one = node.parentElement;
    const words = node.textContent.trim();
    if (!words || ["SCRIPT", "STYLE"].includes(one.tagName) || !shown(one)) continue;
    if (!one.closest(AS_RECORDED)) ours.add(words);
    if (one.closest("svg, [disabled], [aria-busy], .hidden-words, option")) continue;
    const style = getComputedStyle(one);
    const [low, high] = [light(style.color), light(behind(one))].sort((a, b) => a - b);
    const large = parseFloat(style.fontSize) >= 24;
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < (large ? 3 : 4.5)) dull.add(`${name(one)} ${ratio.toFixed(2)}:1`);
  }
  for (const one of dull) found.push(`too little contrast: ${one}`);
  return { found, ours: [...ours] };
}
