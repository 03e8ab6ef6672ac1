// Pages are complete without this. It moves the sliders of figures: of a picture that holds all positions it shows one, beside it the
// verdict of that position, which stands in the table below. An address that ends in #NAME=VALUE opens the position nearest to VALUE.
(() => {
  const explorables = new Map();

  // The address of a position, so that it can be handed on; on a wall the address is that of the projection.
  const tell = (name, at) => {
    if (location.hash === "#projection") return;
    try {
      history.replaceState(null, "", `#${name}=${at}`);
    } catch {
      // Some browsers forbid it in pages that were opened from a file.
    }
  };

  for (const figure of document.querySelectorAll("figure.explorable")) {
    const frames = figure.querySelectorAll("svg > g.at");
    const rows = figure.querySelectorAll("tr[data-at]");
    const input = figure.querySelector("input[type=range]");
    const said = figure.querySelector(".said");
    if (!input || frames.length !== rows.length) continue;
    const values = [...rows].map((row) => Number(row.dataset.at));

    const show = () => {
      const at = Number(input.value);
      frames.forEach((frame, number) => frame.classList.toggle("shown", number === at));
      rows.forEach((row, number) => row.classList.toggle("current", number === at));
      said.replaceChildren(...[...rows[at].cells[1].childNodes].map((node) => node.cloneNode(true)));
      input.setAttribute("aria-valuetext", rows[at].dataset.told);
    };

    let before = input.value;

    const open = (value) => {
      const distances = values.map((other) => Math.abs(other - value));
      input.value = distances.indexOf(Math.min(...distances));
      before = input.value;
      show();
      tell(figure.dataset.name, rows[Number(input.value)].dataset.at);
    };

    // A finger that begins on the slider and then scrolls the page has not moved it.
    input.addEventListener("pointercancel", () => {
      input.value = before;
      show();
    });
    input.addEventListener("input", show);
    // The address follows when the slider comes to rest.
    input.addEventListener("change", () => {
      before = input.value;
      tell(figure.dataset.name, rows[Number(input.value)].dataset.at);
    });
    figure.querySelector(".slider").hidden = false;
    show();
    explorables.set(figure.dataset.name, { figure, open });
  }

  const follow = () => {
    let address = "";
    try {
      address = decodeURIComponent(location.hash.slice(1));
    } catch {
      // A sign of percent that means nothing.
    }
    const [name, value] = address.split("=");
    const wanted = explorables.get(name.replaceAll("_", "-"));
    if (!wanted || !value?.trim() || !Number.isFinite(Number(value))) return;
    wanted.open(Number(value));
    wanted.figure.scrollIntoView();
  };
  window.addEventListener("hashchange", follow);
  // A link to where the address already is changes nothing in it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("figure.explorable th a");
    if (link && link.hash === location.hash) follow();
  });
  follow();
})();
