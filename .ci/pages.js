// axe on a page of each kind; and whether any page must be scrolled sideways on a narrow screen.
const fs = require("node:fs");
const path = require("node:path");
const puppeteer = require("puppeteer-core");

const site = process.argv[2];
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const all = fs
  .readdirSync(site, { recursive: true })
  .filter((file) => file.endsWith(".html") && !file.startsWith("evidence"));
const kinds = new Map();
for (const file of all) {
  const kind = file.includes(path.sep) ? "theorem" : file.replace(/-.*/, "");
  if (!kinds.has(kind)) kinds.set(kind, []);
  kinds.get(kind).push(file);
}
// Of theorems every tenth, of the others one.
const sample = [...kinds].flatMap(([kind, files]) => files.filter((_, i) => i === 0 || (kind === "theorem" && i % 10 === 0)));

(async () => {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    protocolTimeout: 900000,
    args: ["--no-sandbox", "--allow-file-access-from-files"],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(120000);
  page.setDefaultNavigationTimeout(120000);
  let violations = 0;
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    for (const width of [1280, 400]) {
      await page.setViewport({ width, height: 900 });
      for (const file of sample) {
        if (file === "print.html" && (scheme === "dark" || width === 400)) continue;
        await page.goto(`file://${path.join(site, file)}`);
        await page.evaluate(axe);
        const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const { id, impact, nodes } of found.violations) {
          violations += 1;
          console.log(`${file} (${scheme}, ${width}): ${id}, ${impact}, ${nodes.length} times, first ${nodes[0].html.slice(0, 160)}`);
          console.log(`    ${nodes[0].failureSummary.split("\n").slice(1, 3).join(" ")}`);
        }
      }
    }
  }
  console.log(`axe: ${violations} violations on ${sample.length} pages`);

  await page.setViewport({ width: 400, height: 900 });
  let sideways = 0;
  for (const file of all) {
    await page.goto(`file://${path.join(site, file)}`);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 400) {
      sideways += 1;
      console.log(`${file}: ${width} pixels wide on a screen of 400`);
    }
  }
  console.log(`narrow: ${sideways} of ${all.length} pages scroll sideways`);
  await browser.close();
  process.exit(violations + sideways > 0 ? 1 : 0);
})();
