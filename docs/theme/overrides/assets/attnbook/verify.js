// Verify a downloaded file on the page of its figure: hashed here, compared with what the page
// carries. Nothing is sent, fetched or stored.
(() => {
  "use strict";

  // No file of the book comes near it; hashing needs a file in memory as a whole.
  const LARGEST = 2 ** 28;
  // What browsers and systems add to a name that is taken: x (1).svg, x copy.svg, x 副本.svg.
  const AGAIN = /^[\s_]*(?:[(（]?\d*[)）]?|(?:copy|副本|拷贝)[\s(（]*\d*[)）]?)$/i;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  async function digest(file) {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
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
    let hash = "";
    try {
      if (file.size <= LARGEST) hash = await digest(file);
      else await file.slice(0, 1).arrayBuffer();
    } catch {
      return { verdict: "unreadable" };
    }
    if (Object.hasOwn(data.known, hash)) {
      const [name, number] = data.known[hash];
      const [current] = data.editions;
      const values = { name, edition: data.editions[number], current };
      return { verdict: number === 0 ? "genuine" : "former", values, hash };
    }
    const name = original(file.name, data);
    return { verdict: name ? "altered" : "unknown", values: { name }, hash };
  }

  function element(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  }

  function shown(file, { verdict, values, hash }, { verdicts }) {
    const { title, text } = verdicts[verdict];
    const item = element("li", `verify-result verify-${verdict}`, "");
    item.append(
      element("strong", "verify-verdict", title),
      " ",
      element("span", "verify-file", file.name),
      element("p", "", filled(text, values ?? {})),
    );
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
        const item = shown(file, await judged(file, data), data);
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
