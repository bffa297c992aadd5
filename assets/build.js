// Builds what pages load: one file per kind of page, into a folder the server serves and git ignores.
import { cp, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const into = "incidents/static/built";

await rm(into, { recursive: true, force: true });
await mkdir(into, { recursive: true });
await build({
  entryPoints: ["assets/capture.js", "assets/form.js", "assets/map.js", "assets/page.js"],
  outdir: into,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  // Leaflet's own pictures, of which none is used: markers are drawn by our sheet.
  loader: { ".png": "empty" },
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
});
await cp("node_modules/world-atlas/countries-50m.json", `${into}/countries.json`);
