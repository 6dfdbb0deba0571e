// Times what a reader does on a page: script, style, layout and the next frame, in milliseconds.
//
//   node smooth.mjs FILE TIMES     -> {interaction: {ms: [...], layouts: [...], styles: [...]}}
//
// `layouts` and `styles` count how often the browser laid out and restyled the page meanwhile; the
// frame itself is one of each, what is more was forced by the page's script.
import { launch } from "./launch.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(180_000);
  const inside = await page.context().newCDPSession(page);
  await inside.send("Performance.enable");
  const counts = async () => {
    const { metrics } = await inside.send("Performance.getMetrics");
    const value = (name) => metrics.find((m) => m.name === name).value;
    return { layouts: value("LayoutCount"), styles: value("RecalcStyleCount") };
  };
  await page.goto(`file://${process.argv[2]}`);
  await page.evaluate(() => {
    const all = (query) => [...document.querySelectorAll(query)];
    const at = (id) => document.getElementById(id);
    const told = (element) => element.dispatchEvent(new Event("input", { bubbles: true }));
    const words = all(".unit").map((a) => a.textContent.split(" ").pop());
    const pick = (list, n) => list[(n * 37) % list.length];
    globalThis.acts = {
      "an empty frame": () => {},
      "a card": (n) => pick(all("#stage svg").find((e) => e.clientWidth).querySelectorAll(".card"), n).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })),
      "a sentence": (n) => pick(all(".unit.claim"), n).click(),
      "a headline": (n) => pick(all(".point .head"), n).click(),
      "zoom": (n) => at("view").dispatchEvent(new WheelEvent("wheel", { deltaY: n % 2 ? 120 : -120, ctrlKey: true, bubbles: true, cancelable: true, clientX: 700, clientY: 500 })),
      "search": (n) => { at("find").value = pick(words, n); told(at("find")); },
      "a person": (n) => { at("person").selectedIndex = n % at("person").length; told(at("person")); },
      "left out": () => at("show-left").click(),
      "attacks": () => at("show-attack").click(),
      "evidence": () => at("show-evidence").click(),
    };
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    globalThis.timed = async (name, n) => {
      await frame();
      const start = performance.now();
      globalThis.acts[name](n);
      await frame();
      return performance.now() - start;
    };
    globalThis.cleared = () => { at("reset").click(); return frame(); };
  });
  const report = {};
  for (const name of await page.evaluate(() => Object.keys(globalThis.acts))) {
    const seen = { ms: [], layouts: [], styles: [] };
    for (let n = 0; n < Number(process.argv[3]); n += 1) {
      const before = await counts();
      seen.ms.push(await page.evaluate(([what, turn]) => globalThis.timed(what, turn), [name, n]));
      const after = await counts();
      for (const kind of ["layouts", "styles"]) seen[kind].push(after[kind] - before[kind]);
    }
    report[name] = seen;
    await page.evaluate(() => globalThis.cleared());
  }
  console.log(JSON.stringify(report));
} finally {
  await browser.close();
}
