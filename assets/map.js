// A small map: land and borders from a file of ours, settlements to orient oneself by, one point.
// Asks nobody outside. With a text field beside it, each fills the other; without, it only shows.
import "leaflet/dist/leaflet.css";
import "./map.css";
import L from "leaflet";
import { feature } from "topojson-client";

const CLOSE = 7;
const STEP = 12;
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

for (const box of document.querySelectorAll("[data-map]")) start(box);

function start(box) {
  box.hidden = false;
  const { lat, lon, field } = box.dataset;
  const map = L.map(box.querySelector("[data-map-canvas]"), {
    attributionControl: false,
    zoomControl: false,
    // A page that is scrolled must not end up zooming.
    scrollWheelZoom: false,
    minZoom: 1,
    maxZoom: 15,
    worldCopyJump: true,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    inertia: !calm,
  });
  L.control.zoom({ zoomInTitle: "Closer", zoomOutTitle: "Farther" }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  const canvas = map.getContainer();
  canvas.dir = "ltr";
  canvas.setAttribute("role", "group");
  canvas.setAttribute("aria-label", field ? "Map to set the point on" : `Map of ${box.dataset.name}`);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  if (lat) map.setView([Number(lat), Number(lon)], CLOSE);
  else map.setView([25, 20], 1);
  const countries = land(map, box.dataset.countries);
  neighbours(map, box.dataset.near);
  const input = field ? document.getElementById(field) : null;
  const point = pointOn(map, box, input);
  if (lat) point.put(L.latLng(Number(lat), Number(lon)));
  if (input) {
    listen(map, box, input, point);
    followCountry(map, input.form, countries, point);
  }
}

// ---- what lies below the point ----

async function land(map, address) {
  const answer = await fetch(address);
  const world = await answer.json();
  const shapes = feature(world, world.objects.countries);
  for (const { geometry } of shapes.features) {
    if (geometry?.type === "Polygon") geometry.coordinates = geometry.coordinates.map(unbroken);
    if (geometry?.type === "MultiPolygon") geometry.coordinates = together(geometry.coordinates.map((one) => one.map(unbroken)));
  }
  // A wide map shows more than one world: the land goes on to both sides.
  for (const turn of [-360, 0, 360]) {
    const coordsToLatLng = ([lon, lat]) => L.latLng(lat, lon + turn);
    L.geoJSON(shapes, { interactive: false, className: "land", smoothFactor: 0.5, coordsToLatLng }).addTo(map).bringToBack();
  }
  return shapes.features;
}

// A line across 180° goes on beyond it, not back over the whole map; round a pole it closes along the map's edge.
function unbroken(ring) {
  let turn = 0;
  const line = ring.map(([lon, lat], index) => {
    if (index > 0) turn -= 360 * Math.round((lon - ring[index - 1][0]) / 360);
    return [lon + turn, lat];
  });
  if (turn) {
    const edge = line[0][1] < 0 ? -90 : 90;
    line.push([line.at(-1)[0], edge], [line[0][0], edge], line[0]);
  }
  return line;
}

// A country on both sides of 180° lies around its largest piece, so that the map can go there.
function together(pieces) {
  const middle = ([ring]) => (Math.min(...ring.map(([lon]) => lon)) + Math.max(...ring.map(([lon]) => lon))) / 2;
  const main = middle(pieces.reduce((one, other) => (other[0].length > one[0].length ? other : one)));
  return pieces.map((piece) => {
    const turn = 360 * Math.round((main - middle(piece)) / 360);
    return turn ? piece.map((ring) => ring.map(([lon, lat]) => [lon + turn, lat])) : piece;
  });
}

function neighbours(map, address) {
  const dots = L.layerGroup().addTo(map);
  let asked = 0;
  let shown = [];
  const ask = async () => {
    const number = ++asked;
    // Of half the world they would be one heap in its middle.
    if (map.getZoom() < 3) {
      dots.clearLayers();
      return;
    }
    const centre = map.getCenter().wrap();
    const bounds = map.getBounds();
    const span = Math.min(10, (bounds.getNorth() - bounds.getSouth()) / 2);
    const query = new URLSearchParams({
      lat: Math.max(-90, Math.min(90, centre.lat)).toFixed(4),
      lon: centre.lng.toFixed(4),
      span: span.toFixed(4),
    });
    const answer = await fetch(`${address}?${query}`).catch(() => null);
    if (!answer?.ok || number !== asked) return;
    shown = await answer.json();
    draw(map, dots, shown);
  };
  let waiting;
  map.on("moveend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  ask();
}

// The largest come first and take their room; a name that finds none is left out, its dot stays.
function draw(map, dots, found) {
  dots.clearLayers();
  const size = map.getSize();
  const taken = [];
  for (const one of found) {
    const at = map.latLngToContainerPoint([one.lat, one.lon]);
    if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) continue;
    const width = 14 + one.name.length * 7;
    const room = [at.x - 5, at.y - 9, at.x + width, at.y + 9];
    const free = room[2] < size.x + 10 && !taken.some((other) => overlap(other, room));
    if (free) taken.push(room);
    const words = document.createElement("span");
    words.className = "town-dot";
    if (free) {
      const name = document.createElement("span");
      name.className = "town-name";
      name.textContent = one.name;
      words.append(name);
    }
    const icon = L.divIcon({ className: "town", html: words, iconSize: [0, 0] });
    L.marker([one.lat, one.lon], { icon, interactive: false, keyboard: false, alt: "" }).addTo(dots);
  }
}

function overlap(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

// ---- the point ----

function pointOn(map, box, input) {
  let marker = null;
  const label = (at) => {
    const words = input
      ? `The point, ${written(map, at)}. Arrow keys move it, with Shift by little.`
      : `${box.dataset.name}, ${written(map, at)}`;
    marker.getElement()?.setAttribute("aria-label", words);
  };
  const put = (at) => {
    if (!marker) {
      marker = L.marker(at, {
        icon: L.divIcon({ className: "point", html: pin(), iconSize: [28, 36], iconAnchor: [14, 34] }),
        draggable: Boolean(input),
        keyboard: Boolean(input),
        interactive: Boolean(input),
        zIndexOffset: 1000,
        autoPan: true,
      }).addTo(map);
      if (!input) marker.getElement().setAttribute("role", "img");
      marker.on("drag", () => label(marker.getLatLng()));
      marker.on("dragend", () => moved(marker.getLatLng()));
      if (input) marker.getElement().addEventListener("keydown", onKey);
      box.dispatchEvent(new CustomEvent("map:set"));
    }
    marker.setLatLng(at);
    label(at);
  };
  const moved = (at) => {
    const wrapped = at.wrap();
    put(wrapped);
    fill(input, written(map, wrapped), words(map, wrapped));
  };
  const onKey = (event) => {
    const step = event.shiftKey ? 1 : STEP;
    const way = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-step, 0], ArrowRight: [step, 0] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const at = map.containerPointToLatLng(map.latLngToContainerPoint(marker.getLatLng()).add(way));
    at.lat = Math.max(-85, Math.min(85, at.lat));
    moved(at);
    if (!map.getBounds().pad(-0.1).contains(at)) map.panTo(at, { animate: !calm });
  };
  const take = () => {
    marker?.remove();
    marker = null;
    box.dispatchEvent(new CustomEvent("map:unset"));
  };
  return { put, moved, take, has: () => marker !== null };
}

function pin() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 28 36");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(space, "path");
  shape.setAttribute("d", "M14 34.5C8 26 3 20 3 13a11 11 0 0 1 22 0c0 7-5 13-11 21.5Z");
  const eye = document.createElementNS(space, "circle");
  for (const [name, value] of [["cx", 14], ["cy", 13], ["r", 4]]) eye.setAttribute(name, value);
  svg.append(shape, eye);
  return svg;
}

// As many decimals as a pixel of this map is worth, and no more.
function decimals(map) {
  return Math.max(1, Math.min(5, Math.ceil(-Math.log10(360 / 256 / 2 ** map.getZoom()))));
}

function written(map, at) {
  const places = decimals(map);
  return `${Number(at.lat.toFixed(places))}, ${Number(at.lng.toFixed(places))}`;
}

function words(map, at) {
  const [lat, lon] = written(map, at).split(", ").map(Number);
  return `${Math.abs(lat)}° ${lat < 0 ? "S" : "N"}, ${Math.abs(lon)}° ${lon < 0 ? "W" : "E"}`;
}

// ---- the text beside it ----

function fill(input, text, said) {
  input.value = text;
  input.removeAttribute("aria-invalid");
  echo(input, `From the map: ${said}.`);
  for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
}

function echo(input, text, bad = false) {
  let line = document.getElementById(`${input.id}-read`);
  if (!line) {
    line = document.createElement("p");
    line.id = `${input.id}-read`;
    line.className = "help";
    line.setAttribute("role", "status");
    input.insertAdjacentElement("afterend", line);
  }
  // What the server read before stands no longer.
  document.getElementById(`${input.id}-echo`)?.remove();
  line.classList.toggle("bad", bad);
  line.textContent = text;
}

function listen(map, box, input, point) {
  const canvas = map.getContainer();
  map.on("click", (event) => point.moved(event.latlng));
  let waiting;
  let asked = 0;
  const read = async () => {
    const number = ++asked;
    const text = input.value.trim();
    if (!text) {
      point.take();
      echo(input, "");
      return;
    }
    const answer = await fetch(`${box.dataset.read}?${new URLSearchParams({ text })}`).catch(() => null);
    if (!answer?.ok || number !== asked) return;
    const { lat, lon, said, problem } = await answer.json();
    echo(input, problem ?? `Read as ${said}.`, Boolean(problem));
    if (problem !== undefined) return;
    const at = L.latLng(lat, lon);
    point.put(at);
    if (!map.getBounds().contains(at) || map.getZoom() < 5) map.setView(at, Math.max(map.getZoom(), CLOSE));
  };
  input.addEventListener("input", (event) => {
    // What the map itself wrote needs no reading.
    if (!event.isTrusted) return;
    clearTimeout(waiting);
    waiting = setTimeout(read, 300);
  });
  // For those without a mouse: the first point, which arrow keys then move.
  const button = document.createElement("button");
  button.type = "button";
  button.className = "b sm map-middle";
  button.textContent = "Set the point in the middle of the map";
  button.hidden = Boolean(box.dataset.lat);
  button.addEventListener("click", () => {
    point.moved(map.getCenter());
    canvas.querySelector(".point")?.focus();
  });
  box.addEventListener("map:set", () => (button.hidden = true));
  box.addEventListener("map:unset", () => (button.hidden = false));
  canvas.insertAdjacentElement("afterend", button);
}

// Until there is a point, the map goes where the form says the place is.
async function followCountry(map, form, countries, point) {
  const select = form.elements.namedItem("country");
  form.addEventListener("suggest:chosen", (event) => {
    const { lat, lon } = event.detail ?? {};
    if (!point.has() && Number.isFinite(lat) && Number.isFinite(lon)) map.setView([lat, lon], CLOSE);
  });
  if (!select) return;
  const shapes = await countries;
  const go = () => {
    const name = select.selectedOptions[0]?.textContent.trim();
    if (point.has() || !select.value || !name) return;
    const found =
      shapes.find((shape) => shape.properties.name === name) ??
      shapes.find((shape) => shape.properties.name.startsWith(name));
    if (found) map.fitBounds(L.geoJSON(found).getBounds(), { animate: !calm });
  };
  select.addEventListener("change", go);
  go();
}
