// Parses every picture in a JSON list on stdin; prints a JSON list with the fault of each, "" for none.
// The packages are in the folder given, so that nothing is installed beside the tests.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const found = createRequire(join(resolve(process.argv[2]), "package.json"));
const { JSDOM } = found("jsdom");
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const { default: mermaid } = await import(pathToFileURL(join(resolve(process.argv[2]), "node_modules/mermaid/dist/mermaid.core.mjs")));

const faults = [];
for (const picture of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    await mermaid.parse(picture);
    faults.push("");
  } catch (error) {
    faults.push(String(error.message ?? error) || "unknown fault");
  }
}
console.log(JSON.stringify(faults));
