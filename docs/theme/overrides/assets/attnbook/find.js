// Finds words in the sections of the book. Loaded with them (search/sections.js) when a search begins.
//
// It looks through the texts themselves: so every part of a Chinese compound is found, and a Latin
// word is found from its beginning, also inside names (bmm in torch.bmm, heatmaps in show_heatmaps,
// Kernel in NWKernelRegression) and in its other forms (queries, query).
//
// What readers may type for what the book has written comes with the sections: other forms of its
// characters, other names of its terms, words that say little.
var attnFind = (index) => {
  "use strict";

  const { sections, spellings } = index;

  const FIELDS = { title: 10, keys: 8, text: 3, code: 2 };
  const EXACT = 20; // a title that is the query
  const PHRASE = { title: 8, text: 2 }; // several words in the order of the query
  const MOST = 60;
  const WHOLE = 1.5; // the title of a page, not of one of its sections
  const OPEN = 3; // results of one page that show at once
  const PARTICLES = /[的了是和与吗呢]/;
  const han = (text) => /^\p{Script=Han}/u.test(text);

  const variants = new Map();
  for (let at = 0; at < spellings.variants.length; at += 2) {
    variants.set(spellings.variants[at], spellings.variants[at + 1]);
  }

  // Lower case, one kind of dash and quotation mark, no full-width letters, -ise for -ize, simplified
  // characters. The length stays, so that places in the result are places in the text.
  function fold(text) {
    return text
      .replace(/[！-～]/g, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
      .replace(/\p{Lu}/gu, (mark) => {
        const small = mark.toLowerCase();
        return small.length === mark.length ? small : mark;
      })
      .replace(/[‐-―−]/g, "-")
      .replace(/[‘’]/g, "'")
      .replace(/\s/g, " ")
      .replace(/iz/g, "is")
      .replace(/\p{Script=Han}/gu, (mark) => variants.get(mark) ?? mark);
  }

  const IDLE = new Set(fold(spellings.idle).split(" "));
  const also = new Map(Object.entries(spellings.also).map(([name, words]) => [fold(name), words.map(fold)]));
  const names = [...also.keys()].sort((a, b) => b.length - a.length);
  // Found wherever they stand: what has no words around it, and words that hold a space.
  const anywhereIn = /[\p{Script=Han}\p{Script=Greek}∑√ ]/u;

  const entries = sections.map((section, order) => {
    const fields = {};
    for (const name in FIELDS) {
      if (section[name]) fields[name] = { text: section[name], folded: fold(section[name]) };
    }
    return { ...section, order, fields, page: section.location.split("#")[0] };
  });
  const pages = new Map(entries.map((entry) => [entry.location, entry]));

  // The beginnings that the other forms of an English word have in common with it.
  function forms(word) {
    const found = new Set([word]);
    if (!/^[a-z]{4,}$/.test(word)) return [...found];
    let base = word;
    if (/[^aeiou]ies$/.test(word)) base = word.slice(0, -3) + "y";
    else if (/(?:s|x|z|ch|sh)es$/.test(word)) base = word.slice(0, -2);
    else if (/[^siu]s$/.test(word)) base = word.slice(0, -1);
    found.add(base);
    if (/[^aeiou]y$/.test(base)) found.add(base.slice(0, -1) + "i");
    const root = /^(.{4,})(?:ing|ed|e)$/.exec(base)?.[1] ?? /^(.{5,})ion$/.exec(base)?.[1];
    if (root) {
      found.add(root);
      if (/([^aeiouls])\1$/.test(root)) found.add(root.slice(0, -1));
    }
    return [...found].filter((form) => form.length > 2);
  }

  const letter = (mark) => mark !== undefined && /[\p{L}\p{N}]/u.test(mark) && !han(mark);

  // Whether a word, a part of a name or a number begins there.
  function begins(text, at) {
    const [before, first, next] = [text[at - 1], text[at], text[at + 1]];
    if (/\d/.test(first)) return !letter(before) && !(before === "." && /\d/.test(text[at - 2]));
    if (!letter(before) || !letter(first)) return true;
    if (/\d/.test(before)) return true;
    return /\p{Lu}/u.test(first) && (/\p{Ll}/u.test(before) || (next !== undefined && /\p{Ll}/u.test(next)));
  }

  // Where it ends, by the same reckoning.
  function ends(text, at) {
    while (letter(text[at]) && !begins(text, at)) at += 1;
    return at;
  }

  // The places of a term in a field: from, to, and how well it fits there.
  function places(term, { text, folded }, anywhere = false) {
    const found = new Map();
    term.forms.forEach((form, rank) => {
      for (let at = folded.indexOf(form); at >= 0; at = folded.indexOf(form, at + 1)) {
        if (found.has(at)) continue;
        if (term.whole || anywhereIn.test(form)) {
          found.set(at, { from: at, to: at + form.length, fit: rank ? 0.75 : 1 });
        } else if (anywhere || begins(text, at)) {
          const stop = at + form.length;
          const to = ends(text, stop);
          const number = /\d$/.test(form) && text[to] === "." && /\d/.test(text[to + 1]);
          found.set(at, { from: at, to, fit: rank || to > stop || number ? 0.75 : 1 });
        }
      }
    });
    return [...found.values()].sort((a, b) => a.from - b.from);
  }

  const known = (piece) =>
    also.has(piece) ||
    entries.some(({ fields }) => Object.values(fields).some(({ folded }) => folded.includes(piece)));

  // Chinese without spaces is one term if the book has it, else the longest pieces that it has.
  function pieces(run) {
    if (known(run)) return [run];
    const parts = run.split(PARTICLES).filter(Boolean);
    if (parts.length > 1 || (parts.length && parts[0] !== run)) return parts.flatMap(pieces);
    const found = [];
    let unknown = "";
    for (let at = 0; at < run.length; ) {
      let size = run.length - at;
      while (size > 1 && !known(run.slice(at, at + size))) size -= 1;
      if (size > 1) {
        if (unknown) found.push(unknown);
        found.push(run.slice(at, at + size));
        unknown = "";
      } else {
        unknown += run[at];
      }
      at += size;
    }
    return unknown ? [...found, unknown] : found;
  }

  function parse(query) {
    const wanted = new Map();
    const add = (text, whole) => {
      const others = also.get(text) ?? [];
      wanted.set(text, { text, whole, forms: [...(whole ? [text] : forms(text)), ...others] });
    };
    // NFKC: a letter of a formula may have been copied as 𝛼 or 𝐰.
    let rest = fold(query.normalize("NFKC")).replace(/["“]([^"“”]+)["”]/g, (_, phrase) => {
      add(phrase.trim(), true);
      return " ";
    });
    // Names of several words.
    for (const name of names) {
      const at = name.includes(" ") ? ` ${rest} `.indexOf(` ${name} `) : -1;
      if (at < 0) continue;
      add(name, true);
      rest = `${rest.slice(0, at)} ${rest.slice(at + name.length)}`;
    }
    for (const run of rest.match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) ?? []) {
      if (han(run)) {
        for (const piece of pieces(run)) add(piece, true);
      } else {
        const word = run.replace(/^[^\p{L}\p{N}_∑√]+|[^\p{L}\p{N}_∑√]+$/gu, "");
        if (word) add(word, false);
      }
    }
    const terms = [...wanted.values()].filter(({ text }) => text);
    const busy = terms.filter(({ text }) => !IDLE.has(text));
    return busy.length ? busy : terms;
  }

  // What each entry has of each term.
  function look(terms) {
    const hits = entries.map(() => new Map());
    for (const term of terms) {
      const seek = (anywhere) => {
        term.count = 0;
        entries.forEach((entry, number) => {
          const there = {};
          for (const [name, field] of Object.entries(entry.fields)) {
            const found = places(term, field, anywhere);
            if (found.length) there[name] = found;
          }
          if (!Object.keys(there).length) return;
          hits[number].set(term, there);
          term.count += 1;
        });
      };
      seek(false);
      if (!term.count && term.text.length > 2) seek(true);
    }
    return hits;
  }

  function rate(entry, hit, terms) {
    let score = 0;
    for (const [term, there] of hit) {
      let worth = 0;
      for (const [name, found] of Object.entries(there)) {
        const fit = Math.max(...found.map((place) => place.fit));
        const often = name === "text" || name === "code" ? 1 + Math.log(Math.min(found.length, 8)) / 2 : 1;
        // A short title is about its words.
        const share = name === "title" ? 0.5 + term.text.length / (2 * entry.title.length) : 1;
        const whole = name === "title" && entry.location === entry.page ? WHOLE : 1;
        worth += FIELDS[name] * fit * often * share * whole;
      }
      score += worth * Math.log(1 + entries.length / term.count);
    }
    const phrase = terms.map(({ text }) => text).join(terms.every(({ text }) => han(text)) ? "" : " ");
    const title = entry.fields.title?.folded ?? "";
    const bare = title.replace(/^[\d.]+ /, "").replace(/[()]/g, "");
    if (bare === phrase) score += EXACT;
    if (terms.length > 1) {
      for (const name in PHRASE) {
        if (entry.fields[name]?.folded.includes(phrase)) score += PHRASE[name];
      }
    }
    return score * (entry.weight ?? 1);
  }

  const safe = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  // The part of a text between two places as HTML, with what was found in it marked.
  function marked(text, found, from = 0, to = text.length) {
    let [html, at] = ["", from];
    for (const place of found) {
      if (place.from < at || place.to > to) continue;
      html += safe(text.slice(at, place.from));
      html += `<mark>${safe(text.slice(place.from, place.to))}</mark>`;
      at = place.to;
    }
    return html + safe(text.slice(at, to));
  }

  const all = (hit, name) =>
    [...hit.values()]
      .flatMap((there) => there[name] ?? [])
      .sort((a, b) => a.from - b.from || b.to - a.to);

  // Some words around what was found, where most of it stands together.
  function teaser(entry, hit) {
    const found = all(hit, "text");
    if (!found.length && entry.code && !all(hit, "title").length) {
      const code = all(hit, "code");
      if (code.length) return snippet(entry.code, code);
    }
    const text = entry.text ?? "";
    if (!text) return "";
    const width = han(text.replace(/[^\p{L}]/gu, "")) ? 90 : 200;
    const near = (place) =>
      new Set(found.filter(({ from }) => from >= place.from && from < place.from + width * 0.7)
        .map(({ from, to }) => text.slice(from, to).toLowerCase())).size;
    let best = found[0];
    for (const place of found) if (near(place) > near(best)) best = place;
    let from = best ? Math.max(0, best.from - Math.round(width / 4)) : 0;
    let to = Math.min(text.length, from + width);
    const paragraph = text.lastIndexOf("\n", best ? best.from : 0) + 1;
    if (paragraph > from) from = paragraph;
    // Not in the middle of a word, nor of a surrogate pair.
    while (from > 0 && (letter(text[from]) && letter(text[from - 1]))) from -= 1;
    while (to < text.length && letter(text[to]) && letter(text[to - 1])) to += 1;
    const [left, right] = [from > 0 && text[from - 1] !== "\n" ? "…" : "", to < text.length ? "…" : ""];
    return `<p>${left}${marked(text, found, from, to).trim()}${right}</p>`;
  }

  function snippet(code, found) {
    const rows = new Map();
    for (const { from } of found) {
      const start = code.lastIndexOf("\n", from) + 1;
      const stop = code.indexOf("\n", from);
      if (rows.size < 2) rows.set(start, stop < 0 ? code.length : stop);
    }
    const lines = [...rows].map(([start, stop]) => marked(code, found, start, stop).trim());
    return `<pre><code>${lines.join("\n")}</code></pre>`;
  }

  // What Material shows of an entry, and the words to be marked on its page.
  function shown(entry, hit, terms, score) {
    const told = {};
    for (const term of terms) {
      if (!hit.has(term)) told[term.text] = false;
    }
    for (const name of ["title", "text", "code"]) {
      for (const { from, to } of all(hit, name)) {
        if (Object.keys(told).length < 8) told[entry[name].slice(from, to).toLowerCase()] = true;
      }
    }
    return {
      location: entry.location,
      title: marked(entry.title ?? "", all(hit, "title")),
      text: teaser(entry, hit),
      terms: told,
      score,
    };
  }

  // Lists of results, one for each page with the page itself among them, the best first.
  return (query) => {
    const terms = parse(query);
    if (!terms.length) return [];
    const hits = look(terms);
    const most = Math.max(...hits.map((hit) => hit.size));
    if (!most) return [];
    const rated = entries
      .map((entry, number) => ({ entry, hit: hits[number] }))
      .filter(({ hit }) => hit.size === most)
      .map(({ entry, hit }) => ({ entry, hit, score: rate(entry, hit, terms) }))
      .sort((a, b) => b.score - a.score || a.entry.order - b.entry.order)
      .slice(0, MOST);
    const groups = new Map();
    for (const result of rated) {
      const { page } = result.entry;
      groups.set(page, [...(groups.get(page) ?? []), result]);
    }
    return [...groups].map(([page, results]) => {
      const [{ score: best }] = results;
      // Material folds away whatever scores less than the first.
      const list = results.map(({ entry, hit, score }, rank) =>
        shown(entry, hit, terms, rank < OPEN && score > best / 2 && entry.location !== page ? best : score),
      );
      if (!list.some(({ location }) => location === page)) {
        const parent = pages.get(page);
        list.push({ location: page, title: safe(parent?.title ?? page), text: "", terms: {}, score: 0 });
      }
      return list;
    });
  };
};
