// argument: node_modules. stdin: {sheets: [text, …], content: [path, …]};
// stdout: the sheets, without the rules that no class, id, attribute or element of content calls for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { PurgeCSS } = createRequire(`${process.argv[2]}/`)("purgecss");
const { sheets, content } = JSON.parse(readFileSync(0, "utf-8"));

// A word of any kind: scripts make class names, and some of ours hold a full stop or a colon.
const defaultExtractor = (text) => text.match(/[\w.:-]+/g) ?? [];

const results = await new PurgeCSS().purge({
  content: content.map((path) => ({ raw: readFileSync(path, "utf-8"), extension: "html" })),
  css: sheets.map((raw) => ({ raw })),
  defaultExtractor,
});
process.stdout.write(JSON.stringify(results.map(({ css }) => css)));
