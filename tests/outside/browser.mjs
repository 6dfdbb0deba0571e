// Opens pages in a real Chromium, uses each feature, and prints what did not hold.
//
//   node browser.mjs JOB.json     {"pages": [{"file": ..., "name": ...}], "shots": folder or null}
//
// Prints one JSON object: {page name: [{step, holds, detail}]}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PATIENCE, launch } from "./launch.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const job = JSON.parse(readFileSync(process.argv[2], "utf8"));
const desk = { width: 1400, height: 900 }, phone = { width: 390, height: 800 };

async function opened(browser, file, options, notes) {
  const context = await browser.newContext({ viewport: desk, ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on("console", (m) => notes.push(`console ${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => notes.push(`error: ${e}`));
  page.on("dialog", (d) => { notes.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on("request", (r) => {
    if (!/^(data:|file:)/.test(r.url()) || (r.url().startsWith("file:") && r.url().split("#")[0] !== `file://${file}`)) {
      notes.push(`request: ${r.url()}`);
    }
  });
  await page.goto(`file://${file}${options.hash ?? ""}`);
  return page;
}

async function accessible(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" | ")}`);
}

const chosen = (page) => page.evaluate(() => ({
  points: [...document.querySelectorAll(".point.chosen")].map((e) => e.dataset.point),
  cards: [...new Set([...document.querySelectorAll(".card.chosen")].map((e) => e.dataset.point))],
  units: [...document.querySelectorAll(".unit.chosen")].map((e) => e.dataset.unit),
  inSight: [...document.querySelectorAll(".unit.chosen")].slice(0, 1).every((e) => {
    const box = e.getBoundingClientRect();
    const room = e.closest("section").getBoundingClientRect();
    return box.bottom > room.top && box.top < room.bottom;
  }),
}));

async function check(browser, { file, name }, shots) {
  const results = [], notes = [];
  const say = (step, holds, detail = "") => results.push({ step, holds: Boolean(holds), detail: JSON.stringify(detail) });
  const page = await opened(browser, file, {}, notes);
  const shot = (what, of = page) => shots && of.screenshot({ path: `${shots}/${name}-${what}.png` });
  await shot("desk");
  const points = await page.locator(".point").count();
  say("no script of the thread ran", await page.evaluate(() => globalThis.ran === undefined
    && document.scripts.length === 1 && document.querySelectorAll("img, iframe, object, embed, link").length === 0));
  say("axe, by day", (await accessible(page)).length === 0, await accessible(page));
  if (points) {
    await page.locator("#stage svg:visible .card").first().click();
    await page.waitForFunction(() => document.querySelector(".point.chosen"));
    let now = await chosen(page);
    say("a click on a card opens its point and shows its words",
      now.points.length === 1 && now.cards[0] === now.points[0] && now.units.length > 0 && now.inSight, now);
    say("the address says what is chosen", page.url().includes("#point-"), page.url());
    await shot("chosen");

    const unit = page.locator(".unit.claim").last();
    const id = await unit.getAttribute("data-unit");
    await unit.click();
    await page.waitForFunction((u) => document.getElementById(`unit-${u}`).classList.contains("chosen"), id);
    now = await chosen(page);
    say("a click on a sentence finds its place on the map",
      now.units.includes(id) && now.cards.length >= 1 && now.points.length >= 1, now);

    await page.keyboard.press("Escape");
    say("Escape lets go", (await chosen(page)).points.length === 0);

    await page.locator(".point .head").last().focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".point.chosen"));
    now = await chosen(page);
    say("Enter on a headline opens the point", now.points.length === 1, now);

    const place = () => page.evaluate(() => document.getElementById("stage").style.transform);
    const before = await place();
    await page.locator("#view").focus();
    await page.keyboard.press("+");
    const larger = await place();
    await page.keyboard.press("ArrowRight");
    say("keys zoom and move the map", before !== larger && larger !== await place());
    const box = await page.locator("#view").boundingBox();
    const still = await place();
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 240, { steps: 4 });
    await page.mouse.up();
    const dragged = await place();
    say("dragging moves the map", still !== dragged);
    await page.locator("#fit").click();
    const turned = (x, keys) => page.evaluate(([deltaY, ctrlKey]) => {
      const event = new WheelEvent("wheel", { deltaY, ctrlKey, bubbles: true, cancelable: true, clientX: 700, clientY: 500 });
      document.getElementById("view").dispatchEvent(event);
      return event.defaultPrevented;
    }, [x, keys]);
    const kept = await turned(-200, true);
    say("Ctrl and the wheel zoom", kept && (await place()).includes("scale(") && dragged !== await place());
    await page.locator("#fit").click();
    const top = await place();
    say("the wheel over the top of the map leaves the page its scroll", !await turned(-120, false) && await place() === top);
    const tall = await page.evaluate(() => {
      const drawn = [...document.querySelectorAll("#stage svg")].find((e) => e.clientWidth).getBoundingClientRect();
      return drawn.height > document.getElementById("view").clientHeight + 200;
    });
    const went = await turned(120, false);
    say("the wheel moves a map that is taller than its frame", went === tall && (await place() !== top) === tall, { tall, went });
    let turns = 0;
    while (turns < 400 && await turned(400, false)) turns += 1;
    say("the wheel reaches the end of the map, and then the page's", turns < 400, { turns });
    await page.locator("#fit").click();
    say("Fit brings the whole width back", (await place()).includes("scale("));

    const person = await page.locator("#person option").nth(1).getAttribute("value");
    await page.selectOption("#person", person);
    const others = await page.evaluate((who) => [...document.querySelectorAll(".post:not(.dim)")]
      .every((post) => post.dataset.person === who), person);
    say("a person's filter leaves that person's posts", others
      && /of \d+ points/.test(await page.locator("#count").textContent()));
    await page.locator("#reset").click();
    const word = await page.evaluate(() => document.querySelector(".unit").textContent.split(/\s+/)
      .sort((a, b) => b.length - a.length)[0]);
    await page.fill("#find", word);
    const hits = await page.evaluate(() => [document.querySelectorAll(".post:not(.dim)").length, document.querySelectorAll(".post").length]);
    say("a search leaves what it finds", hits[0] >= 1 && hits[0] <= hits[1], { word, hits });
    await page.fill("#find", "zzqqxx");
    say("a search for nothing finds nothing", await page.locator(".post:not(.dim)").count() === 0);
    await shot("search");
    await page.locator("#reset").click();
    await page.waitForFunction(() => document.querySelectorAll(".post.dim").length === 0);

    const seen = (query) => page.evaluate((q) => [...document.querySelectorAll(q)].filter((e) => e.getClientRects().length).length, query);
    for (const [box, query] of [["support", ".edge.support"], ["attack", ".edge.attack"], ["evidence", ".evidence-mark"]]) {
      const with_ = await seen(query);
      await page.uncheck(`#show-${box}`);
      say(`${box} can be taken off the map`, await seen(query) === 0, { with_ });
      await page.check(`#show-${box}`);
      say(`${box} comes back`, await seen(query) === with_);
    }
    const furniture = await page.locator(".furniture").count();
    await page.check("#show-left");
    say("what was left out can be seen", await page.evaluate(() => document.documentElement.classList.contains("show-left"))
      && await seen(".furniture") === furniture, { furniture });
    await shot("left-out");

    const link = await opened(browser, file, { hash: `#unit-${encodeURIComponent(id)}` }, notes);
    now = await chosen(link);
    say("a link into the page opens at its sentence", now.units.includes(id) && now.inSight, now);
    await link.context().close();

    const small = await opened(browser, file, { viewport: phone, hasTouch: true, isMobile: true }, notes);
    await shot("phone", small);
    say("on a phone the tools are folded away", !await small.locator("#find").isVisible());
    await small.locator("summary").click();
    await small.fill("#find", word);
    say("and open where they are asked for", await small.locator(".post:not(.dim)").count() === hits[0]);
    await small.locator("#reset").click();
    const finger = (dy) => small.evaluate((far) => {
      const view = document.getElementById("view");
      const box = view.getBoundingClientRect();
      const at = (type, y) => view.dispatchEvent(new PointerEvent(type, {
        pointerId: 7, pointerType: "touch", bubbles: true, clientX: 200, clientY: box.top + 100 + y,
      }));
      at("pointerdown", 0);
      for (let step = 1; step <= 10; step += 1) at("pointermove", (far * step) / 10);
      at("pointerup", far);
      return [scrollY, document.getElementById("stage").style.transform];
    }, dy);
    await small.evaluate(() => { document.getElementById("fit").click(); scrollTo(0, 60); });
    const [start, ...mapStart] = await small.evaluate(() => [scrollY, document.getElementById("stage").style.transform]);
    const [pulled, ...mapPulled] = await finger(50);
    say("a finger that pulls at the top of the map scrolls the page", start > 0 && pulled < start && mapPulled[0] === mapStart[0], { start, pulled, mapPulled });
    await small.locator(".tabs a", { hasText: "Points" }).click();
    await small.locator(".point .head").first().click();
    await small.locator(".point.open blockquote a").first().click();
    await small.waitForFunction(() => document.querySelector("#thread.here"));
    say("on a phone a quote leads to the thread", await small.locator("#thread.here").count() === 1
      && (await chosen(small)).inSight);
    await shot("phone-thread", small);
    say("nothing is wider than a phone", await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
      await small.evaluate(() => document.documentElement.scrollWidth));
    say("axe, on a phone", (await accessible(small)).length === 0, await accessible(small));
    await small.context().close();
  }
  const night = await opened(browser, file, { colorScheme: "dark" }, notes);
  const ground = (of) => of.evaluate(() => getComputedStyle(document.body).backgroundColor);
  say("the page is dark at night", await ground(night) !== await ground(page));
  say("axe, by night", (await accessible(night)).length === 0, await accessible(night));
  await shot("night", night);
  await night.locator("#theme").click();
  say("a button makes it light", await ground(night) === await ground(page));
  await night.context().close();

  await page.emulateMedia({ media: "print" });
  const printed = await page.evaluate(() => ({
    tools: document.getElementById("tools").getClientRects().length,
    closed: [...document.querySelectorAll(".point .detail")].filter((e) => !e.getClientRects().length).length,
  }));
  say("print has every point open and no controls", printed.tools === 0 && printed.closed === 0, printed);
  say("no request, no error, no dialog", notes.length === 0, notes);
  await page.context().close();
  return results;
}

const browser = await launch();
const report = {};
try {
  for (const page of job.pages) report[page.name] = await check(browser, page, job.shots);
} finally {
  await browser.close();
}
console.log(JSON.stringify(report, null, 1));
