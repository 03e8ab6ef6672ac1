// The page is complete without this: it only hides what was not asked for.
(() => {
  const form = document.getElementById("filter");
  const lines = [...document.querySelectorAll(".theorems > li")];
  const show = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const standing = form.elements.standing.value;
    let count = 0;
    for (const line of lines) {
      const text = line.textContent.toLowerCase().replaceAll("_", " ");
      const wanted =
        words.every((word) => text.includes(word.replaceAll("_", " "))) &&
        (!standing || line.dataset.standing === standing);
      line.hidden = !wanted;
      count += wanted;
    }
    for (const chapter of document.querySelectorAll(".chapter")) {
      chapter.hidden = !chapter.querySelector("li:not([hidden])");
    }
    form.elements.count.value = count === lines.length ? "" : `${count} of ${lines.length}`;
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
