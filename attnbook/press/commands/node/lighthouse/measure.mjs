// arguments: node_modules, the port of a running Chromium, a page's address.
// stdout: {scores, bytes, failed}, the latter a line for each audit that costs points.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, port, address] = process.argv.slice(2);
const entry = createRequire(`${modules}/`).resolve("lighthouse");
const { default: lighthouse } = await import(pathToFileURL(entry));

const categories = ["performance", "accessibility", "best-practices", "seo"];
const { lhr } = await lighthouse(address, {
  port: Number(port),
  output: "json",
  logLevel: "error",
  onlyCategories: categories,
  formFactor: "mobile",
});
if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);

const scores = {};
const failed = [];
for (const name of categories) {
  const { score, auditRefs } = lhr.categories[name];
  scores[name] = Math.round(score * 100);
  for (const { id, weight } of auditRefs) {
    const audit = lhr.audits[id];
    if (!weight || audit.score === null || audit.score >= 0.9) continue;
    const items = (audit.details?.items ?? []).slice(0, 4);
    const places = items.map(({ node, url, source, description }) =>
      node?.snippet ?? url ?? source?.url ?? description ?? "");
    failed.push([`${name}: ${id}`, audit.displayValue, ...places].filter(Boolean).join(" | "));
  }
}
const bytes = lhr.audits["total-byte-weight"].numericValue;
process.stdout.write(JSON.stringify({ scores, bytes, failed }));
