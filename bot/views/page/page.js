"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const at = (id) => document.getElementById(id);
  const all = (query, inside = document) => [...inside.querySelectorAll(query)];

  const items = all(".point");
  const cards = all(".card");
  const edges = all(".edge, .sign-mark");
  const units = all(".unit");
  const posts = all(".post");
  const item = new Map(items.map((li) => [li.dataset.point, li]));
  const both = new Map(); // a point's cards: one on the desk's drawing, one on the phone's
  for (const a of cards) both.set(a.dataset.point, [...(both.get(a.dataset.point) ?? []), a]);
  const cardsOf = (key) => both.get(key) ?? [];
  const narrow = matchMedia("(max-width: 900px)");
  const unit = new Map(units.map((a) => [a.dataset.unit, a]));
  const ends = new Map(); // a point's edges, on both drawings
  for (const edge of edges) {
    for (const key of [edge.dataset.source, edge.dataset.target]) {
      ends.set(key, [...(ends.get(key) ?? []), edge]);
    }
  }
  const pointsOf = (a) => JSON.parse(a.dataset.points);
  const claims = new Map(); // a point's sentences in the thread
  for (const a of units) {
    if (!a.classList.contains("claim")) continue;
    for (const key of pointsOf(a)) claims.set(key, [...(claims.get(key) ?? []), a]);
  }

  // ---- the map: pan and zoom -------------------------------------------------------------
  const view = at("view"), stage = at("stage");
  const place = { x: 0, y: 0, k: 1 };
  const size = { w: 1, h: 1 };
  const room = { w: 1, h: 1 }; // of the view: kept, so that moving the map reads no layout
  let tall = false; // whether the drawing in one column is shown: in two, its words would be tiny
  const measure = () => {
    room.w = view.clientWidth;
    room.h = view.clientHeight;
    tall = room.w < 900;
    stage.classList.toggle("tall", tall);
  };
  const pick = () => {
    const drawing = stage.querySelector(tall ? "svg.phone" : "svg.desk");
    size.w = +drawing.getAttribute("width");
    size.h = +drawing.getAttribute("height");
  };
  const draw = (glide) => {
    stage.classList.toggle("glide", Boolean(glide));
    const keep = 80; // pixels of the map that stay in sight
    place.x = Math.min(room.w - keep, Math.max(keep - size.w * place.k, place.x));
    place.y = Math.min(room.h - keep, Math.max(keep - size.h * place.k, place.y));
    stage.style.transform = `translate(${place.x}px,${place.y}px) scale(${place.k})`;
  };
  const zoom = (factor, x, y, glide) => {
    const k = Math.min(3, Math.max(0.1, place.k * factor));
    place.x = x - ((x - place.x) * k) / place.k;
    place.y = y - ((y - place.y) * k) / place.k;
    place.k = k;
    draw(glide);
  };
  // moves the map no further than its edges; gives whether it moved each way: if not, the page may
  const pan = (dx, dy) => {
    const held = (now, step, map, seen) => Math.min(Math.max(0, now),
      Math.max(Math.min(0, seen - map * place.k, now), now + step));
    const x = held(place.x, dx, size.w, room.w), y = held(place.y, dy, size.h, room.h);
    const moved = { x: Math.abs(x - place.x) > 0.5, y: Math.abs(y - place.y) > 0.5 };
    place.x = x;
    place.y = y;
    if (moved.x || moved.y) draw();
    return moved;
  };
  const middle = () => [room.w / 2, room.h / 2];
  const fit = (glide) => {
    measure();
    pick();
    place.k = Math.min(1, Math.max(0.1, room.w / size.w));
    place.x = (room.w - size.w * place.k) / 2;
    place.y = 0;
    draw(glide);
  };
  const bring = (a) => {
    const face = a.querySelector(".face"); // its numbers, read without a new layout
    const [x, y, width, height] = ["x", "y", "width", "height"].map((n) => +face.getAttribute(n));
    const k = Math.max(place.k, Math.min(0.85, (room.w / size.w) * (tall ? 1 : 1.6)));
    place.k = k;
    place.x = room.w / 2 - (x + width / 2) * k;
    place.y = room.h / 2 - (y + height / 2) * k;
    draw(true);
  };
  // the wheel moves the map as it moves a text, and the page where the map ends; with Ctrl, or two
  // fingers on a pad, it zooms
  view.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) {
      const box = view.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.01), event.clientX - box.left, event.clientY - box.top);
    } else {
      const unit = [1, 24, room.h][event.deltaMode];
      const [dx, dy] = event.shiftKey && !event.deltaX
        ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      const moved = pan(-dx * unit, -dy * unit);
      if (Math.abs(dy) >= Math.abs(dx) ? !moved.y : !moved.x) return;
    }
    event.preventDefault();
  }, { passive: false });
  const fingers = new Map();
  let moved = false;
  view.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, event);
    moved = false;
  });
  addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
    if (!moved && Math.hypot(dx, dy) < 4) return;
    moved = true;
    view.classList.add("moving");
    if (fingers.size === 1 && event.pointerType === "touch") {
      if (!pan(dx, dy).y) scrollBy(0, -dy);
    } else if (fingers.size === 1) {
      place.x += dx;
      place.y += dy;
      draw();
    } else if (fingers.size === 2) {
      const other = [...fingers.values()].find((f) => f.pointerId !== event.pointerId);
      const far = (f) => Math.hypot(f.clientX - other.clientX, f.clientY - other.clientY) || 1;
      const box = view.getBoundingClientRect();
      zoom(far(event) / far(before), (event.clientX + other.clientX) / 2 - box.left,
        (event.clientY + other.clientY) / 2 - box.top);
    }
    fingers.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      view.classList.remove("moving");
    });
  }
  view.addEventListener("dragstart", (event) => event.preventDefault());
  view.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (steps[event.key]) {
      place.x += steps[event.key][0];
      place.y += steps[event.key][1];
      draw(true);
    } else if (event.key === "+" || event.key === "=") zoom(1.25, ...middle(), true);
    else if (event.key === "-") zoom(0.8, ...middle(), true);
    else if (event.key === "0") fit(true);
    else return;
    event.preventDefault();
  });
  at("in").addEventListener("click", () => zoom(1.3, ...middle(), true));
  at("out").addEventListener("click", () => zoom(0.77, ...middle(), true));
  at("fit").addEventListener("click", () => fit(true));

  // ---- choosing a point or a passage: the address says what is chosen ----------------------
  const show = (id) => {
    for (const section of all("main > section")) section.classList.toggle("here", section.id === id);
    for (const tab of all(".tabs a")) {
      if (tab.hash === `#${id}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    if (id === "map" && !shown) { shown = true; fit(); }
  };
  let shown = false;
  let chosen = new Set(), bright = [], lit = [];
  const choose = (points, passage, from) => {
    for (const key of chosen) {
      item.get(key)?.classList.remove("open", "chosen");
      for (const a of cardsOf(key)) a.classList.remove("chosen");
    }
    for (const a of lit) a.classList.remove("chosen");
    chosen = new Set(points);
    for (const key of chosen) {
      item.get(key)?.classList.add("open", "chosen");
      for (const a of cardsOf(key)) a.classList.add("chosen");
    }
    for (const edge of bright) edge.classList.remove("near");
    bright = [...chosen].flatMap((key) => ends.get(key) ?? []);
    for (const edge of bright) edge.classList.add("near");
    lit = passage ? [passage] : [...chosen].flatMap((key) => claims.get(key) ?? []);
    for (const a of lit) a.classList.add("chosen");
    const [first] = chosen;
    const shown = [item.get(first), lit[0]?.closest(".post")];
    for (const element of shown) element?.classList.remove("dim"); // a filter hides nothing chosen
    near([
      ...(from !== "thread" && lit[0] ? [[lit[0], at("thread")]] : []),
      ...(from !== "points" && shown[0] ? [[shown[0], at("points")]] : []),
    ]);
    const drawn = cardsOf(first).find((a) => a.closest(tall ? ".phone" : ".desk"));
    if (from !== "map" && drawn) bring(drawn);
  };
  // brings elements into sight, each in its section: all are read, then all moved, so that the
  // browser lays the page out once and not once for each
  const near = (pairs) => {
    if (narrow.matches) {
      for (const [element, section] of pairs) {
        if (section.classList.contains("here")) element.scrollIntoView({ block: "center" });
      }
      return;
    }
    const move = () => {
      const steps = pairs.map(([element, section]) => {
        const inner = element.getBoundingClientRect(), outer = section.getBoundingClientRect();
        if (inner.top > outer.top + 40 && inner.bottom < outer.bottom - 20) return 0;
        return inner.top - outer.top - Math.max(60, (outer.height - inner.height) / 3);
      });
      const far = steps.some((step) => Math.abs(step) > 1);
      pairs.forEach(([, section], n) => { if (steps[n]) section.scrollTop += steps[n]; });
      return far;
    };
    // what comes into sight only now has its true height: once more, from there
    if (move()) move();
  };
  let from = "";
  view.addEventListener("click", (event) => {
    const key = event.target.closest(".card")?.dataset.point;
    if (key === undefined || moved) return; // the end of a drag is no choice of a card
    from = "map";
    visit(`#point-${encodeURIComponent(key)}`);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    from = link?.closest("main > section")?.id ?? "";
    if (!link || !/^#(point|unit|post)-/.test(link.getAttribute("href"))) return;
    event.preventDefault();
    visit(link.getAttribute("href"));
  });
  // writes the address without the browser's own jump to it, which would lay out the whole page
  const visit = (hash) => {
    if (location.hash !== hash) history.pushState(null, "", hash);
    go();
  };
  const go = () => {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* not ours */ }
    const key = name.replace(/^(point|unit|post)-/, "");
    const came = from;
    from = "";
    if (name.startsWith("point-") && item.has(key)) {
      if (narrow.matches && came === "points" && !chosen.has(key)) show("points");
      else if (narrow.matches && came === "map") show("points");
      choose([key], null, came);
    } else if (name.startsWith("unit-") && unit.has(key)) {
      if (narrow.matches) show(came === "thread" ? "points" : "thread");
      choose(pointsOf(unit.get(key)), unit.get(key), came);
    } else if (name.startsWith("post-") && at(name)) {
      if (narrow.matches) show("thread");
      at(name).classList.remove("dim");
      near([[at(name), at("thread")]]);
    } else if (["map", "points", "thread"].includes(name)) {
      show(name);
      at(name).focus({ preventScroll: true });
    } else if (!name) choose([], null, "");
  };
  addEventListener("hashchange", go);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen.size) {
      history.replaceState(null, "", location.pathname + location.search);
      choose([], null, "map");
    } else if (event.key === "/" && !/^(INPUT|SELECT)$/.test(event.target.tagName)) {
      event.preventDefault();
      more.open = true;
      at("find").focus();
    }
  });

  // ---- finding and filtering ------------------------------------------------------------
  const plain = (text) => text.normalize("NFKC").toLocaleLowerCase();
  const people = new Map(items.map((li) => [li, new Set(JSON.parse(li.dataset.people))]));
  const words = new Map(); // the text of every point and post: read in idle moments, or when asked
  const text = (element) => {
    if (!words.has(element)) words.set(element, plain(element.textContent));
    return words.get(element);
  };
  const idle = globalThis.requestIdleCallback ?? ((work) => setTimeout(work, 200, null));
  const unread = [...items, ...posts];
  const read = (free) => {
    const enough = () => (free ? free.timeRemaining() < 2 : unread.length % 20 === 0);
    do { if (unread.length) text(unread.pop()); } while (unread.length && !enough());
    if (unread.length) idle(read);
  };
  idle(read);
  const filter = () => {
    const wanted = plain(at("find").value.trim());
    const person = at("person").value;
    let points = 0, found = 0;
    const hits = new Set();
    for (const li of items) {
      const hit = (!person || people.get(li).has(person)) && (!wanted || text(li).includes(wanted));
      points += hit;
      li.classList.toggle("dim", !hit);
      if (hit) hits.add(li.dataset.point);
      for (const a of cardsOf(li.dataset.point)) a.classList.toggle("dim", !hit);
    }
    for (const edge of edges) {
      edge.classList.toggle("dim", !hits.has(edge.dataset.source) && !hits.has(edge.dataset.target));
    }
    for (const post of posts) {
      const hit = (!person || post.dataset.person === person)
        && (!wanted || text(post).includes(wanted));
      found += hit;
      post.classList.toggle("dim", !hit);
    }
    const classes = {
      "no-support": !at("show-support").checked,
      "no-attack": !at("show-attack").checked,
      "no-evidence": !at("show-evidence").checked,
      "show-left": at("show-left").checked,
    };
    for (const [name, on] of Object.entries(classes)) root.classList.toggle(name, on);
    at("count").textContent = wanted || person
      ? `${points} of ${items.length} points, ${found} of ${posts.length} posts` : "";
  };
  at("tools").addEventListener("input", filter);
  at("tools").addEventListener("submit", (event) => event.preventDefault());
  at("tools").addEventListener("reset", () => setTimeout(filter));
  at("theme").addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  show("map");
  fit();
  addEventListener("resize", () => {
    const was = tall;
    measure();
    if (tall === was) draw(); else fit();
  });
  const more = at("more"); // on a phone the tools wait behind a word
  const fold = () => { more.open = !narrow.matches; };
  fold();
  narrow.addEventListener("change", () => { fold(); fit(); });
  filter();
  if (location.hash) go();
})();
