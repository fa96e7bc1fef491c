// Holds the site's scripts to what the oldest browsers know: see browserslist in package.json.
// Run by tests/site/test_old_engines.py, which says where the modules are.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const load = createRequire(`${process.env.NODE_MODULES}/`);
const [compat, esx] = ["eslint-plugin-compat", "eslint-plugin-es-x"].map((name) => load(name).default ?? load(name));
const { browserslist } = JSON.parse(readFileSync(new URL("package.json", import.meta.url)));

// Chrome 88 has all of ES2021, and fields of classes; so has Safari 15. Methods that arrays have had
// for long are those of iterators, too, which are new: a linter without types cannot tell.
const iterators = Object.keys(esx.rules).filter((name) => name.startsWith("no-iterator-prototype"));

export default [
  esx.configs["flat/restrict-to-es2021"],
  {
    ...compat.configs["flat/recommended"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script" },
    linterOptions: { reportUnusedDisableDirectives: "off" },
    settings: {
      browsers: browserslist,
      polyfills: ["ClipboardItem", "requestIdleCallback"], // used where they are there
      "es-x": { aggressive: true },
    },
    rules: {
      ...compat.configs["flat/recommended"].rules,
      "es-x/no-class-instance-fields": "off",
      "es-x/no-regexp-lookbehind-assertions": "error", // Safari 16.4
      ...Object.fromEntries(iterators.map((name) => [`es-x/${name}`, "off"])),
    },
  },
];
