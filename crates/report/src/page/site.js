// Pages are complete without this. It adds a search over all pages, whose words are loaded when somebody searches, shows a page
// screen by screen on a wall (key p), and follows the lines of the map.
(() => {
  const script = document.currentScript;
  const { root, index } = script.dataset;

  const form = document.getElementById("search");
  const found = document.getElementById("found");
  const told = document.getElementById("told");
  const input = form.elements.words;
  const MOST = 40;
  let rows = null;
  let asked = false;
  const titles = new Map();

  // As it is looked for: without accents, what hyphens join as words of their own.
  const plain = (text) =>
    text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f{}]/g, "").replaceAll("ł", "l").replace(/[-–_]/g, " ");

  // Called by the file of words.
  window.theoriaSearch = (list) => {
    for (const [kind, title, address] of list) if (kind === "theorem") titles.set(address, title);
    rows = list.map((row) => [...row, plain(row[1]), plain(`${row[1]} ${row[3]} ${row[4]} ${row[2]}`)]);
    show();
  };

  const element = (name, text, className) => {
    const it = document.createElement(name);
    it.textContent = text;
    if (className) it.className = className;
    return it;
  };

  // Indices and exponents stand in the list between braces.
  const typeset = (name, text, className) => {
    const it = element(name, "", className);
    text.split(/([_^])\{([^{}]*)\}/).forEach((part, place, parts) => {
      if (place % 3 === 0) it.append(part);
      if (place % 3 === 2) it.append(element(parts[place - 1] === "_" ? "sub" : "sup", part));
    });
    return it;
  };

  // What was found, in few words that are read aloud as well.
  const tell = (text, ...more) => {
    told.textContent = text;
    found.replaceChildren(element("p", text, "faint"), ...more);
  };

  const show = () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    found.hidden = words.length === 0;
    if (found.hidden) return tell("");
    if (!rows) {
      if (!asked) {
        asked = true;
        const loaded = document.createElement("script");
        loaded.src = index;
        loaded.onerror = () => tell(`The words to search cannot be loaded: ${index} is missing.`);
        document.head.append(loaded);
      }
      return tell("Loading the words …");
    }
    const order = { chapter: 0, page: 0, theorem: 1, symbol: 2, claim: 3, control: 4 };
    const hits = rows
      .filter((row) => words.every((word) => row[6].includes(word)))
      .map((row) => [(words.every((word) => row[5].includes(word)) ? 0 : 10) + order[row[0]], row])
      .sort((a, b) => a[0] - b[0])
      .map((hit) => hit[1]);
    if (hits.length === 0) return tell(`Nothing found for “${input.value.trim()}”.`);
    const list = document.createElement("ul");
    for (const [kind, title, address, text] of hits.slice(0, MOST)) {
      const line = document.createElement("li");
      const link = typeset("a", title);
      link.href = root + address;
      line.append(element("span", kind, "kind"), link);
      const theorem = address.includes("#") && titles.get(address.split("#")[0]);
      if (theorem) line.append(element("span", ` of ${theorem}`, "of"));
      line.append(typeset("span", text, "shown"));
      list.append(line);
    }
    const count = hits.length > MOST ? `${hits.length} places, the first ${MOST}:` : `${hits.length} ${hits.length === 1 ? "place" : "places"}:`;
    tell(count, list);
  };

  form.hidden = false;
  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  for (const place of [form, found]) {
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      input.value = "";
      show();
      document.activeElement.blur();
    });
  }
  found.addEventListener("click", (event) => {
    if (event.target.closest("a")) found.hidden = true;
  });

  // Of many hypotheses those whose words are asked for: a row with what stands at the head of its group.
  const narrow = document.getElementById("narrow");
  const groups = [...document.querySelectorAll(".matrix tbody, .counterexamples tbody, .unbroken")].map((group) => {
    const [head, ...rows] = group.closest(".counterexamples") ? group.rows : [null, ...group.children];
    const lines = rows.map((row) => [row, plain(`${head?.textContent ?? ""} ${row.textContent}`)]);
    return { group, section: group.closest("section"), lines };
  });
  narrow?.addEventListener("input", (event) => {
    const words = plain(event.target.value).split(/\s+/).filter(Boolean);
    let left = 0;
    for (const { section } of groups) section.hidden = true;
    for (const { group, section, lines } of groups) {
      let some = 0;
      for (const [row, text] of lines) {
        row.hidden = !words.every((word) => text.includes(word));
        some += row.hidden ? 0 : 1;
      }
      group.hidden = some === 0;
      if (some > 0) section.hidden = false;
      left += some;
    }
    narrow.querySelector("[role=status]").textContent = words.length > 0 ? `${left} ${left === 1 ? "row" : "rows"}` : "";
  });
  if (narrow) narrow.hidden = false;

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

  // The first one begins where the page does, the others where they have come into view.
  const inView = () => Math.max(0, screens.findLastIndex((screen) => screen.getBoundingClientRect().top < innerHeight / 3));

  const project = (number) => {
    const left = screens[at];
    at = number;
    // Keys are for the projection until somebody goes to the slider again.
    document.activeElement?.blur();
    document.body.classList.toggle("projecting", at >= 0);
    screens.forEach((screen, i) => screen.classList.toggle("shown", i === at));
    progress.textContent = `${at + 1} / ${screens.length}`;
    if (at < 0 && location.hash === "#projection") history.replaceState(null, "", location.pathname);
    if (at < 0) left?.scrollIntoView();
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
    const slider = event.target.closest("input[type=range]");
    if (event.target.closest("input:not([type=range]), select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    // A slider keeps its keys, but for those of a projection, which presenters have as well.
    if (slider && /^(Arrow|Home|End)/.test(event.key)) return;
    if (event.key === "/") {
      event.preventDefault();
      project(-1);
      input.focus();
    } else if (event.key === "p" && screens.length > 0) {
      project(at < 0 ? inView() : -1);
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
    } else if (at >= 0 && event.key === "Escape") {
      project(-1);
    }
  });
})();
