// Verify a downloaded file on the page of its figure: hashed here, compared with what the page
// carries. Nothing is sent, fetched or stored.
(() => {
  "use strict";

  // No file of the book comes near it; hashing needs a file in memory as a whole.
  const LARGEST = 2 ** 28;
  // Nor near this: what is larger is not read for what it says of itself.
  const LEGIBLE = 2 ** 24;
  // What browsers and systems add to a name that is taken: x (1).svg, x copy.svg, x 副本.svg.
  const AGAIN = /^[\s_]*(?:[(（]?\d*[)）]?|(?:copy|副本|拷贝)[\s(（]*\d*[)）]?)$/i;

  const has = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  async function digest(bytes) {
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // As text, a character for every byte, and back.
  const asText = (bytes) => [...bytes].map((byte) => String.fromCharCode(byte)).join("");
  const asBytes = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

  // The drawing in an SVG, a PNG or a PDF, without what the file says of itself, or nothing:
  // attnbook/press/handouts/drawn_content.py has the same rules.
  function drawing(text) {
    if (text.startsWith("\x89PNG\r\n\x1a\n")) {
      let kept = "";
      for (let at = 8; at + 8 <= text.length;) {
        const size = asBytes(text.slice(at, at + 4)).reduce((sum, byte) => sum * 256 + byte, 0);
        const end = at + 12 + size;
        if (!["tEXt", "zTXt", "iTXt"].includes(text.slice(at + 4, at + 8))) {
          kept += text.slice(at, end);
        }
        at = end;
      }
      return kept;
    }
    if (text.startsWith("%PDF") && text.trimEnd().endsWith("%%EOF")) {
      return [...text.matchAll(/\d+ \d+ obj\b([^]*?)endobj/g)]
        .map(([, content]) => content)
        .filter((content) => !/\/Type \/Metadata|\/CreationDate/.test(content))
        .join("");
    }
    if (text.slice(0, 1000).includes("<svg")) {
      return text.replace(/[ \n]*<metadata\b[^]*?<\/metadata>/, "");
    }
    return "";
  }

  // What the file says of itself: see attnbook/press/metadata/rdf_and_xmp.py.
  function account(text) {
    const said = (name) =>
      text.match(new RegExp(`<attnbook:${name}>([^<]{1,200})</attnbook:${name}>`))?.[1] ?? "";
    const [, slug = ""] = said("cell").split("#");
    return { slug, data: said("dataDigest"), version: said("version") };
  }

  // The name of the figure's file that `given` seems to be a copy of.
  function original(given, { slug, names }) {
    const longest = [...names].sort((a, b) => b.length - a.length);
    return longest.find((name) => {
      const suffix = name.slice(slug.length);
      return given.startsWith(slug) && given.endsWith(suffix)
        && given.length >= name.length && AGAIN.test(given.slice(slug.length, -suffix.length));
    });
  }

  async function judged(file, data) {
    let bytes = new Uint8Array();
    try {
      if (file.size <= LARGEST) bytes = new Uint8Array(await file.arrayBuffer());
      else await file.slice(0, 1).arrayBuffer();
    } catch {
      return { verdict: "unreadable" };
    }
    if (file.size === 0) return { verdict: "empty" };
    if (bytes.length === 0) return { verdict: "unknown" };
    const hash = await digest(bytes);
    return { hash, ...(await compared(file.name, bytes, hash, data)) };
  }

  // From what is sure to what the file only says of itself, or is only called.
  async function compared(given, bytes, hash, data) {
    const [current] = data.editions;
    const figure = (slug) => ({ title: data.others[slug][0], href: `../${slug}/index.html#verify` });
    if (has(data.known, hash)) {
      const [name, number] = data.known[hash];
      const values = { name, edition: data.editions[number], current };
      return { verdict: number === 0 ? "genuine" : "former", values };
    }
    const among = (digests) => digests.split(" ").some((short) => hash.startsWith(short));
    const kit = Object.keys(data.kits).find((name) => among(data.kits[name]));
    if (kit) return { verdict: "kit", values: { name: kit, current } };
    const other = Object.keys(data.others).find((slug) => among(data.others[slug][1]));
    if (other) return { verdict: "elsewhere", values: { current }, link: figure(other) };

    const text = bytes.length <= LEGIBLE ? asText(bytes) : "";
    const drawn = drawing(text);
    const drawnHash = drawn && await digest(asBytes(drawn));
    if (drawnHash && has(data.drawn, drawnHash)) {
      return { verdict: "redrawn", values: { name: data.drawn[drawnHash] } };
    }
    const { slug, data: itsData, version } = account(text);
    if (slug === data.slug && data.data && itsData === data.data) {
      return { verdict: "samedata", values: { version } };
    }
    if (has(data.others, slug)) return { verdict: "stranger", link: figure(slug) };
    const name = original(given, data) ?? (slug === data.slug ? slug : "");
    return { verdict: name ? "altered" : "unknown", values: { name } };
  }

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  }

  function shown(file, { verdict, values, hash, link }, { verdicts }) {
    const { title, text } = verdicts[verdict];
    const item = element("li", `verify-result verify-${verdict}`, "");
    item.append(
      element("strong", "verify-verdict", title),
      " ",
      element("span", "verify-file", file.name),
      element("p", "", filled(text, values ?? {})),
    );
    if (link) {
      const anchor = element("a", "", link.title);
      anchor.href = link.href;
      const said = item.lastElementChild;
      said.append(said.textContent.endsWith("：") ? "" : " ", anchor);
    }
    if (hash) item.append(element("code", "verify-digest", hash));
    return item;
  }

  for (const box of document.querySelectorAll(".verify")) {
    if (!globalThis.crypto?.subtle) {
      box.querySelector(".verify-insecure").hidden = false;
      box.querySelector("details").open = true;
      continue;
    }
    const data = JSON.parse(box.querySelector("script").textContent);
    const zone = box.querySelector(".verify-drop");
    const input = zone.querySelector("input");
    const results = box.querySelector(".verify-results");
    let turn = 0;

    const verify = async (files) => {
      const mine = ++turn;
      results.replaceChildren(element("li", "verify-working", data.working));
      for (const file of files) {
        // Whatever a browser lacks, the reader is told; nobody waits for an answer that never comes.
        const answer = await judged(file, data).catch((error) => {
          console.warn(error);
          return { verdict: "failed" };
        });
        const item = shown(file, answer, data);
        // Other files have been chosen meanwhile.
        if (mine !== turn) return;
        results.lastElementChild.before(item);
      }
      results.lastElementChild.remove();
    };
    input.addEventListener("change", async () => {
      await verify([...input.files]);
      // So that the same file can be chosen once more.
      input.value = "";
    });

    let depth = 0;
    const carriesFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files");
    const over = (change) => {
      depth = Math.max(0, depth + change);
      zone.classList.toggle("verify-over", depth > 0);
    };
    zone.addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
    zone.addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
    // A file that misses the box would take the place of the page.
    addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = zone.contains(event.target) ? "copy" : "none";
    });
    addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      over(-depth);
      if (zone.contains(event.target)) verify([...event.dataTransfer.files]);
    });
    zone.hidden = false;
  }
})();
