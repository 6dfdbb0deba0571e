// Times what a reader does on a page: script, style, layout and the next frame, in milliseconds.
//
//   node smooth.mjs FILE TIMES     -> {interaction: [milliseconds, ...]}
import { launch } from "./launch.mjs";

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(180_000);
  await page.goto(`file://${process.argv[2]}`);
  const report = await page.evaluate(async (times) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const all = (query) => [...document.querySelectorAll(query)];
    const at = (id) => document.getElementById(id);
    const type = (text) => { at("find").value = text; at("find").dispatchEvent(new Event("input", { bubbles: true })); };
    const check = (id) => { at(id).click(); };
    const words = all(".unit").map((a) => a.textContent.split(" ").pop());
    const pick = (list, n) => list[(n * 37) % list.length];
    const wheel = (n) => at("view").dispatchEvent(new WheelEvent("wheel", { deltaY: n % 2 ? 120 : -120, bubbles: true, cancelable: true, clientX: 700, clientY: 500 }));
    const acts = {
      "a card": (n) => pick(all(".desk .card"), n).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })),
      "a sentence": (n) => pick(all(".unit.claim"), n).click(),
      "zoom": wheel,
      "search": (n) => type(pick(words, n)),
      "a person": (n) => { at("person").selectedIndex = n % at("person").length; at("person").dispatchEvent(new Event("input", { bubbles: true })); },
      "left out": () => check("show-left"),
      "attacks": () => check("show-attack"),
    };
    const report = { "an empty frame": [] };
    for (let n = 0; n < times; n += 1) {
      const start = performance.now();
      await frame();
      report["an empty frame"].push(performance.now() - start);
    }
    for (const [name, act] of Object.entries(acts)) {
      report[name] = [];
      for (let n = 0; n < times; n += 1) {
        const start = performance.now();
        act(n);
        void document.body.offsetHeight;
        await frame();
        report[name].push(performance.now() - start);
      }
      at("reset").click();
      await frame();
    }
    return report;
  }, Number(process.argv[3]));
  console.log(JSON.stringify(report));
} finally {
  await browser.close();
}
