// Copying: a button on every block of code, the reader's day of access on copied citations, and the
// TeX of formulas in copied text.
(() => {
  "use strict";

  const words = { ...document.currentScript.dataset };
  const ICON = "M19 21H8V7h11m0-2H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2" +
    "m-3-4H4a2 2 0 0 0-2 2v14h2V3h12V1Z";

  // ``rich`` texts keep their italics where the reader pastes into a document.
  async function copy(text, rich) {
    try {
      const forms = { "text/plain": text.textContent.trimEnd() };
      if (rich) forms["text/html"] = text.innerHTML;
      const blobs = Object.entries(forms).map(([type, form]) => [type, new Blob([form], { type })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      return true;
    } catch {
      // No clipboard for pages from a disk or without https: copy a selection, which stays to be
      // copied by hand if this fails, too.
      getSelection().selectAllChildren(text);
      const done = document.execCommand("copy");
      if (done) getSelection().removeAllRanges();
      return done;
    }
  }

  // Code. A long page has forty blocks: their buttons come when a reader comes near.
  function add(block) {
    const code = block.querySelector("code");
    const button = document.createElement("button");
    const status = document.createElement("output");
    button.type = "button";
    button.className = "code-copy";
    button.title = words.copy;
    button.setAttribute("aria-label", words.copy);
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICON);
    icon.append(path);
    button.append(icon);
    status.className = "code-copy-status";
    let timer;
    button.addEventListener("click", async () => {
      status.textContent = ""; // else a second copy would go unannounced
      const done = await copy(code);
      status.textContent = done ? words.copied : words.failed;
      clearTimeout(timer); // of a copy before
      timer = setTimeout(() => (status.textContent = ""), 2500);
    });
    block.append(button, status);
  }
  const coming = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      coming.unobserve(target);
      add(target);
    }
  }, { rootMargin: "50%" });
  const blocks = document.querySelectorAll(".md-typeset .highlight:not(.output)");
  for (const block of blocks) if (block.querySelector("code")) coming.observe(block);

  // Citations.
  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    for (const place of document.querySelectorAll(".cite-accessed")) place.textContent = day;
  }

  for (const box of document.querySelectorAll(".cite")) {
    const status = box.querySelector(".cite-status");
    for (const button of box.querySelectorAll(".cite-copy")) {
      const text = button.parentElement.querySelector(".cite-text");
      button.addEventListener("click", async () => {
        today();
        status.textContent = "";
        const done = await copy(text, true);
        status.textContent = done ? button.dataset.copied : button.dataset.failed;
      });
      button.hidden = false;
    }
  }
  today();

  // Formulas. A page has each twice, for the eye and for the ear, and a browser copies both, a symbol
  // a line. What is copied has their TeX instead: $…$ within a line, $$…$$ in a row of its own.
  const source = (formula) => formula.querySelector("annotation[encoding='application/x-tex']");

  // The formula that a place in the text lies in, with its row.
  function around(node) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const formula = element?.closest(".katex");
    return formula && (formula.closest(".katex-display") ?? formula);
  }

  // What is selected, where half a formula counts as a whole one.
  function selected(range) {
    const whole = range.cloneRange();
    const [first, last] = [around(range.startContainer), around(range.endContainer)];
    if (first) whole.setStartBefore(first);
    if (last) whole.setEndAfter(last);
    return whole.cloneContents();
  }

  function asTeX(part) {
    for (const formula of part.querySelectorAll(".katex")) {
      const tex = source(formula)?.textContent.trim();
      if (!tex) continue;
      const row = formula.closest(".katex-display");
      const text = document.createElement("span");
      text.className = "tex";
      text.textContent = row ? `$$${tex}$$` : `$${tex}$`;
      (row ?? formula).replaceWith(text);
    }
  }

  // The text as the browser itself would copy it, with its paragraphs, tables and lists.
  function written(part, selection) {
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    const sheet = document.createElement("div");
    sheet.className = "md-typeset copied";
    sheet.append(part);
    for (const one of sheet.querySelectorAll("[id]")) one.removeAttribute("id");
    (document.querySelector(".md-content") ?? document.body).append(sheet);
    selection.selectAllChildren(sheet);
    const text = selection.toString();
    sheet.remove();
    selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
    return text;
  }

  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !event.clipboardData) return;
    if (event.target.closest?.("input, textarea")) return;
    const part = document.createDocumentFragment();
    for (let n = 0; n < selection.rangeCount; n += 1) part.append(selected(selection.getRangeAt(n)));
    if (!part.querySelector(".katex")) return;
    for (const template of part.querySelectorAll("template")) template.remove(); // seen by nobody
    asTeX(part);
    for (const picture of part.querySelectorAll("img")) picture.loading = "lazy"; // asks for nothing
    const form = document.createElement("div");
    form.append(part.cloneNode(true));
    // Where the text is pasted, an address from here leads nowhere.
    for (const link of form.querySelectorAll("a[href]")) link.setAttribute("href", link.href);
    for (const picture of form.querySelectorAll("img")) picture.setAttribute("src", picture.src);
    event.clipboardData.setData("text/html", form.innerHTML);
    event.clipboardData.setData("text/plain", written(part, selection));
    event.preventDefault();
  });
})();
