// What a term means and what a reference leads to, shown beside it: on hover, on keyboard focus, and
// on the first tap. The press put it all beside the page; without this script they are plain links.
(() => {
  "use strict";

  const LINKS = "a:is(.term, .reference)";
  const SEARCH = /\?[^#]*/; // in addresses while both languages are shown
  const notes = new Map();
  const words = {};

  if (!document.querySelector(LINKS)) return;

  // The notes are a script beside the page, which browsers let pages from a disk load; it comes when
  // all else is there, or when somebody asks. ``wanted`` is there until it has come.
  const template = document.querySelector("template.notes");
  Object.assign(words, template?.dataset);
  const src = template?.dataset.src && new URL(template.dataset.src, location.href).href;
  let wanted = src ? load : null;
  let loading;

  function load() {
    loading ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = src;
      script.onload = () => {
        wanted = null;
        const told = document.createElement("template");
        told.innerHTML = globalThis.attnNotes[src];
        for (const note of told.content.querySelectorAll("[data-for]")) {
          notes.set(new URL(note.dataset.for, location.href).href.replace(SEARCH, ""), note);
        }
        resolve();
      };
      script.onerror = () => {
        loading = undefined; // they stay plain links, until it is tried again
        resolve();
      };
      document.head.append(script);
    });
    return loading;
  }
  if (document.readyState === "complete") wanted?.();
  else addEventListener("load", () => setTimeout(() => wanted?.()));

  const box = document.createElement("div");
  box.className = "attn-note md-typeset";
  box.id = "attn-note";
  box.hidden = true;
  box.tabIndex = -1;
  document.body.append(box);

  let shown = null; // the link whose note is shown
  let tapped = false; // whether a finger asked for it
  let dismissed = null;
  let pointer = "mouse";
  let timer = 0;

  // What the link leads to: from the page's notes, or an equation of this page itself.
  function noteOf(link) {
    const note = notes.get(link.href.replace(SEARCH, ""));
    if (note) return [...note.cloneNode(true).childNodes];
    const { origin, pathname, hash } = link;
    if (!hash || origin + pathname !== location.origin + location.pathname) return null;
    const target = document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!target?.matches(".equation")) return null;
    const copy = target.cloneNode(true);
    for (const element of [copy, ...copy.querySelectorAll("[id]")]) element.removeAttribute("id");
    return [copy];
  }

  // Below the link where there is room, else above; never out of the window.
  function place(link, at) {
    const rows = [...link.getClientRects()]; // one for each line that the link runs over
    const under = ({ top, bottom }) => at && at.clientY >= top && at.clientY <= bottom;
    const row = (!tapped && rows.find(under)) || rows[rows.length - 1];
    const room = document.documentElement.clientWidth;
    const { width, height } = box.getBoundingClientRect();
    const left = Math.max(8, Math.min(row.left - 12, room - width - 8));
    const { top } = tapped ? rows[0] : row;
    const above = row.bottom + height + 16 > innerHeight && top > height + 64;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(above ? top - height - 4 : row.bottom + 4) + scrollY}px`;
  }

  function show(link, { at, tap = false } = {}) {
    clearTimeout(timer);
    if (link === shown && tap === tapped) return;
    if (wanted && !tap) {
      wanted().then(() => !wanted && link.matches(":hover, :focus-visible") && show(link, { at }));
      return;
    }
    const content = noteOf(link);
    if (!content) return;
    hide();
    [shown, tapped] = [link, tap];
    box.replaceChildren(...content);
    box.lang = link.closest("[lang]").lang;
    if (tap) {
      const more = document.createElement("a");
      more.href = link.href;
      more.textContent = link.matches(".term") ? words.term : words.other;
      const row = document.createElement("p");
      row.className = "note-more";
      row.append(more);
      box.append(row);
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-label", link.textContent);
    } else {
      // What a mouse or the keyboard rests on leads there itself.
      box.setAttribute("role", "tooltip");
      box.removeAttribute("aria-label");
      link.setAttribute("aria-describedby", box.id);
    }
    box.hidden = false;
    place(link, at);
    if (tap) box.focus({ preventScroll: true });
  }

  function hide() {
    clearTimeout(timer);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
    box.replaceChildren();
  }

  function later(action, wait) {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  }

  const linkAt = (event) => event.target.closest?.(LINKS);

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = linkAt(event);
    if (link && link !== shown) later(() => show(link, { at: event }), 120);
    else if (link || box.contains(event.target)) clearTimeout(timer);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse") return;
    const to = event.relatedTarget;
    const inside = to && (box.contains(to) || to.closest?.(LINKS) === shown);
    if (!shown) clearTimeout(timer);
    else if (!tapped && !inside && shown !== document.activeElement) later(hide, 250);
  });

  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link && link === dismissed) return;
    if (link?.matches(":focus-visible")) show(link);
    else if (!box.contains(event.target) && event.target !== shown) hide();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === shown && !tapped && !box.matches(":hover")) later(hide, 50);
  });

  document.addEventListener("pointerdown", (event) => {
    pointer = event.pointerType;
    if (shown && !box.contains(event.target) && linkAt(event) !== shown) hide();
  }, true);
  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (link && ["touch", "pen"].includes(pointer) && !(link === shown && tapped) && event.detail) {
      const tap = () => show(link, { at: event, tap: true });
      if (wanted) {
        event.preventDefault();
        wanted().then(() => {
          tap();
          if (link !== shown) location.assign(link.href);
        });
        return;
      }
      tap();
      if (link === shown) event.preventDefault();
    } else if (link || event.target.closest?.("a")) hide();
  });

  document.addEventListener("keydown", (event) => {
    pointer = "";
    if (event.key !== "Escape" || !shown) return;
    const [link, back] = [shown, tapped];
    hide();
    if (!back) return;
    dismissed = link; // else its focus would bring the note back
    link.focus({ preventScroll: true });
    dismissed = null;
  });
  // The bar of a phone that slides away is no reason: the page stays as wide.
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) hide();
    width = innerWidth;
  });
  addEventListener("hashchange", hide);
  addEventListener("pagehide", hide);
})();
