// stdin: [[tex, display], …]; stdout: [{html} or {error, position}, …]; argument: node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const katex = createRequire(`${process.argv[2]}/`)("katex");

// \href and its like would be set in red, without an error.
function refuse({ command }) {
  throw new katex.ParseError(`${command} has no place in a formula of this book`);
}

// A formula that LaTeX would typeset differently, or not at all, is an error too.
function render([tex, displayMode]) {
  try {
    const html = katex.renderToString(tex, {
      displayMode,
      output: "htmlAndMathml",
      strict: "error",
      throwOnError: true,
      trust: refuse,
    });
    return { html };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage ?? error.message, position: error.position ?? null };
  }
}

const formulas = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(formulas.map(render)));
