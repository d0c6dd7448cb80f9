// The map of the district: shapes once, states every few seconds. Without it the page still says everything in words.

const facts = JSON.parse(document.getElementById("map-facts")?.textContent ?? "{}");
const box = /** @type {HTMLElement} */ (document.getElementById("map"));
const EVERY = 5000;
const EDGE = 6;
const look = getComputedStyle(document.documentElement);
const ink = (/** @type {string} */ name) => look.getPropertyValue(name).trim();
const zh = facts.language === "zh";

/** Words of a building under the pointer. @param {Record<string, string>} what @param {[string, number, number] | undefined} state */
function sentence(what, state) {
  const name = zh ? what.zh : what.en;
  if (!state) return name;
  const [kind, left, owed] = state;
  if (kind === "done") return zh ? `${name}:${owed} 人全部有着落` : `${name}: all ${owed} accounted for`;
  return zh ? `${name}:还差 ${left} / ${owed} 人` : `${name}: ${left} of ${owed} left`;
}

/** @param {string} address */
async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

/** West, south, east, north of all buildings. @param {any} collection */
function frame(collection) {
  const box = [180, 90, -180, -90];
  for (const feature of collection.features) {
    for (const [lon, lat] of feature.geometry.coordinates[0]) {
      box[0] = Math.min(box[0], lon); box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon); box[3] = Math.max(box[3], lat);
    }
  }
  return box;
}

const state = (/** @type {string} */ is, /** @type {any} */ then, /** @type {any} */ rest) => ["case", ["==", ["feature-state", "kind"], is], then, rest];

/** @param {any} sources */
function style(sources) {
  return {
    version: 8,
    sources: Object.fromEntries(Object.entries(sources).map(([name, data]) => [name, { type: "geojson", data }])),
    layers: [
      { id: "paper", type: "background", paint: { "background-color": ink("--paper") } },
      { id: "water", type: "fill", source: "ground", filter: ["==", "layer", "water"], paint: { "fill-color": ink("--water") } },
      { id: "orchard", type: "fill", source: "ground", filter: ["==", "layer", "orchard"], paint: { "fill-color": ink("--good-soft") } },
      { id: "road", type: "line", source: "ground", filter: ["==", "layer", "road"], layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": ink("--road"), "line-width": ["interpolate", ["exponential", 2], ["zoom"], 11, 1.2, 17, 14] } },
      { id: "zone", type: "fill", source: "zones", paint: { "fill-color": zoneInk(), "fill-opacity": 0.16 } },
      { id: "zone-line", type: "line", source: "zones", paint: { "line-color": zoneInk(), "line-width": 1.6, "line-dasharray": [4, 2] } },
      { id: "building", type: "fill", source: "buildings", paint: {
        "fill-color": state("late", ink("--bad"), state("done", ink("--tile"), ink("--surface"))) } },
      { id: "building-line", type: "line", source: "buildings", paint: {
        "line-color": state("late", ink("--bad"), state("open", ink("--ink"), ink("--tile"))),
        "line-width": state("open", 1.4, 0.8) } },
      { id: "chosen", type: "line", source: "buildings", filter: ["==", ["id"], -1], paint: { "line-color": ink("--accent"), "line-width": 3.5 } },
      { id: "site", type: "circle", source: "sites", paint: { "circle-radius": 5.5, "circle-color": ink("--accent"), "circle-stroke-color": "#fff", "circle-stroke-width": 1.6 } },
    ],
  };
}

function zoneInk() {
  return ["match", ["get", "tier"], "lockdown", ink("--zone-lock"), "control", ink("--zone-control"), ink("--zone-watch")];
}

/** A word on the map; text stays text for who enlarges or reads aloud. @param {any} lib @param {any} map @param {[number, number]} at @param {string} words @param {string} kind */
function word(lib, map, at, words, kind) {
  const element = document.createElement("span");
  element.className = `map-word ${kind}`;
  element.textContent = words;
  element.setAttribute("aria-hidden", "true");
  const marker = new lib.Marker({ element }).setLngLat(at).addTo(map);
  const middle = map.project(at).x, half = element.offsetWidth / 2 + EDGE, room = map.getContainer().clientWidth;
  marker.setOffset([Math.min(0, room - middle - half) + Math.max(0, half - middle), 0]);
}

/** Where a zone's name stands: above its northernmost corner. @param {any} geometry @returns {[number, number]} */
function northernmost(geometry) {
  const ring = geometry.type === "Polygon" ? geometry.coordinates[0] : geometry.coordinates.flatMap((/** @type {any} */ part) => part[0]);
  return ring.reduce((/** @type {any} */ best, /** @type {any} */ point) => (point[1] > best[1] ? point : best));
}

async function draw() {
  const lib = await import(box.dataset.map ?? "");
  lib.setWorkerUrl(box.dataset.worker);
  const empty = { type: "FeatureCollection", features: [] };
  const names = ["ground", "buildings", "zones", "sites"];
  const loaded = await Promise.all(names.map((name) => (facts.sources[name] ? fetched(facts.sources[name]) : empty)));
  const sources = Object.fromEntries(names.map((name, place) => [name, loaded[place]]));
  if (!sources.buildings.features.length) throw new Error("no buildings");
  const map = new lib.Map({
    container: box, style: style(sources), bounds: frame(sources.buildings), fitBoundsOptions: { padding: 24 },
    attributionControl: false, maxZoom: 19, dragRotate: false, pitchWithRotate: false, touchPitch: false,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new lib.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new lib.ScaleControl(), "bottom-left");
  map.getCanvas().setAttribute("aria-label", zh ? "地图,旁边的列表说同样的内容" : "Map; the list beside it says the same");
  await new Promise((done) => map.once("load", done));
  for (const { properties: it, geometry } of sources.ground.features) {
    if (it.layer === "place") word(lib, map, geometry.coordinates, zh ? it.zh : it.en, "place");
  }
  for (const { properties: it, geometry } of sources.zones.features) {
    word(lib, map, northernmost(geometry), `${it.letter} ${zh ? it.zh : it.en}`, `zone-${it.tier}`);
  }
  follow(map, sources.buildings);
  document.getElementById("map-wait")?.remove();
  box.dataset.ready = "yes";
}

/** Keep the states fresh, say what is under the pointer, and open a building on a press. @param {any} map @param {any} buildings */
function follow(map, buildings) {
  /** @type {Record<string, [string, number, number]>} */
  let states = {};
  let mark = "";
  const said = /** @type {HTMLElement} */ (document.getElementById("map-said"));
  const refresh = async () => {
    const answer = await fetch(facts.sources.states, { headers: mark ? { "If-None-Match": mark } : {} }).catch(() => null);
    if (answer?.ok) {
      mark = answer.headers.get("ETag") ?? "";
      states = (await answer.json()).states;
      for (const [id, [kind]] of Object.entries(states)) map.setFeatureState({ source: "buildings", id: Number(id) }, { kind });
      box.dataset.states = String(Object.keys(states).length);
    }
    setTimeout(refresh, EVERY);
  };
  if (facts.sources.states) refresh();
  map.on("mousemove", "building", (/** @type {any} */ event) => {
    const one = event.features[0];
    map.getCanvas().style.cursor = "pointer";
    said.textContent = sentence(one.properties, states[one.id]);
  });
  map.on("mouseleave", "building", () => { map.getCanvas().style.cursor = ""; });
  map.on("mousemove", "site", (/** @type {any} */ event) => {
    const it = event.features[0].properties;
    said.textContent = zh ? `采样点 ${it.zh},${it.benches} 个台位` : `Site ${it.en}, ${it.benches} benches`;
  });
  map.on("click", "building", (/** @type {any} */ event) => {
    if (facts.round) location.assign(facts.round.replace("CODE", encodeURIComponent(event.features[0].properties.code)));
  });
  beside(map, buildings);
}

/** A line of the list that gets the focus or the pointer shows its building on the map. @param {any} map @param {any} buildings */
function beside(map, buildings) {
  const byCode = new Map(buildings.features.map((/** @type {any} */ one) => [one.properties.code, one]));
  const show = (/** @type {Event} */ event) => {
    const row = event.target instanceof Element ? event.target.closest("a[href*='/areas/']") : null;
    const one = row ? byCode.get(decodeURIComponent(row.getAttribute("href")?.split("/areas/")[1] ?? "")) : null;
    if (!one) return;
    map.setFilter("chosen", ["==", ["id"], one.id]);
    map.easeTo({ center: one.geometry.coordinates[0][0], zoom: Math.max(map.getZoom(), 15.5), duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400 });
  };
  document.querySelector(".map-side")?.addEventListener("focusin", show);
}

draw().catch(() => {
  box.replaceChildren();
  box.hidden = true;
  document.getElementById("map-wait")?.remove();
  document.getElementById("map-failed")?.removeAttribute("hidden");
});
