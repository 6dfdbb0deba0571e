// Parses charts with Mermaid's own parser, in a browser, and prints what it found in each.
//
//   node mermaid.mjs FILE...      -> {file: {nodes, edges, drawn}}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { launch } from "./launch.mjs";

const script = createRequire(import.meta.url).resolve("mermaid/dist/mermaid.min.js");
const browser = await launch();
const report = {};
try {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><body></body>");
  await page.addScriptTag({ path: script });
  for (const file of process.argv.slice(2)) {
    report[file] = await page.evaluate(async (text) => {
      const { mermaid } = globalThis;
      mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxTextSize: 1e6, maxEdges: 5000 });
      const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
      const { svg } = await mermaid.render("chart", text);
      return {
        nodes: db.getVertices().size, edges: db.getEdges().length,
        drawn: svg.includes("<svg"), scripts: svg.includes("<script"),
      };
    }, readFileSync(file, "utf8"));
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(report));
