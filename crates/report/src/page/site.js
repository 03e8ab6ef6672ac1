// Pages are complete without this. It adds a search over all pages, whose words are loaded when somebody searches, shows a page
// screen by screen on a wall (key p), and follows the lines of the map.
(() => {
  const script = document.currentScript;
  const { root, index } = script.dataset;

  const form = document.getElementById("search");
  const found = document.getElementById("found");
  const input = form.elements.words;
  const MOST = 40;
  let rows = null;
  let asked = false;

  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replaceAll("_", " ");

  // Called by the file of words.
  window.theoriaSearch = (list) => {
    rows = list.map((row) => [...row, plain(row[1]), plain(`${row[1]} ${row[3]} ${row[4]} ${row[2]}`)]);
    show();
  };

  const element = (name, text, className) => {
    const it = document.createElement(name);
    it.textContent = text;
    if (className) it.className = className;
    return it;
  };

  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    found.hidden = words.length === 0;
    if (found.hidden) return;
    if (!rows) {
      if (!asked) {
        asked = true;
        const loaded = document.createElement("script");
        loaded.src = index;
        loaded.onerror = () => found.replaceChildren(element("p", `The words to search cannot be loaded: ${index} is missing.`));
        document.head.append(loaded);
      }
      found.replaceChildren(element("p", "Loading the words …"));
      return;
    }
    const order = { chapter: 0, page: 0, theorem: 1, symbol: 2, claim: 3, control: 4 };
    const hits = rows
      .filter((row) => words.every((word) => row[6].includes(word)))
      .map((row) => [(words.every((word) => row[5].includes(word)) ? 0 : 10) + order[row[0]], row])
      .sort((a, b) => a[0] - b[0])
      .map((hit) => hit[1]);
    if (hits.length === 0) {
      found.replaceChildren(element("p", `Nothing found for “${input.value.trim()}”.`));
      return;
    }
    const list = document.createElement("ul");
    for (const [kind, title, address, text] of hits.slice(0, MOST)) {
      const line = document.createElement("li");
      const link = element("a", title);
      link.href = root + address;
      line.append(element("span", kind, "kind"), link, element("span", text, "shown"));
      list.append(line);
    }
    const count = hits.length > MOST ? `${hits.length} places, the first ${MOST}:` : `${hits.length} ${hits.length === 1 ? "place" : "places"}:`;
    found.replaceChildren(element("p", count, "faint"), list);
  };

  form.hidden = false;
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      input.value = "";
      show();
      input.blur();
    }
  });
  found.addEventListener("click", (event) => {
    if (event.target.closest("a")) found.hidden = true;
  });

  // On the map the lines of the box under the pointer, and what they lead to, stand out.
  const drawing = document.querySelector(".map-drawing svg");
  const look = (number) => {
    const lines = [...drawing.querySelectorAll(".line")];
    const near = new Set([number]);
    for (const line of lines) {
      const { from, to } = line.dataset;
      const joined = number !== undefined && (from === number || to === number);
      line.classList.toggle("near", joined);
      if (joined) near.add(from).add(to);
    }
    for (const box of drawing.querySelectorAll("[data-node]")) box.classList.toggle("near", near.has(box.dataset.node));
    drawing.classList.toggle("looking", number !== undefined);
  };
  drawing?.addEventListener("pointerover", (event) => look(event.target.closest("[data-node]")?.dataset.node));
  drawing?.addEventListener("pointerleave", () => look(undefined));

  const screens = [...document.querySelectorAll("main > .slide")];
  const start = document.getElementById("projection");
  const progress = element("p", "", "progress");
  let at = -1;

  const project = (number) => {
    at = number;
    document.body.classList.toggle("projecting", at >= 0);
    screens.forEach((screen, i) => screen.classList.toggle("shown", i === at));
    progress.textContent = `${at + 1} / ${screens.length}`;
    if (at < 0 && location.hash === "#projection") history.replaceState(null, "", location.pathname);
  };

  const leave = (relation) => {
    const next = document.querySelector(`a[rel="${relation}"]`);
    if (next) location.href = `${next.href}#projection`;
  };

  if (screens.length > 0) {
    document.body.append(progress);
    start.hidden = false;
    start.addEventListener("click", (event) => {
      event.preventDefault();
      project(0);
    });
    if (location.hash === "#projection") project(0);
  }

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      project(-1);
      input.focus();
    } else if (event.key === "p" && screens.length > 0) {
      project(at < 0 ? 0 : -1);
    } else if (event.key === "p") {
      const first = document.querySelector(".theorems a, .contents a");
      if (first) location.href = `${first.href}#projection`;
    } else if (at >= 0 && ["ArrowRight", "ArrowDown", "PageDown", " "].includes(event.key)) {
      event.preventDefault();
      if (at + 1 < screens.length) project(at + 1);
      else leave("next");
    } else if (at >= 0 && ["ArrowLeft", "ArrowUp", "PageUp"].includes(event.key)) {
      event.preventDefault();
      if (at > 0) project(at - 1);
      else leave("prev");
    } else if (event.key === "Escape") {
      project(-1);
    }
  });
})();
