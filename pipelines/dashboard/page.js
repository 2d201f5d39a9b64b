"use strict";
(async () => {
  const $ = (id) => document.getElementById(id);
  const DAY_SECONDS = 86400;

  /* The data is in the page as gzip in base64. So the page needs no network, and no text in the data can become
     markup. */
  async function unpack(id) {
    const element = $(id);
    if (!element) return null;
    const bytes = Uint8Array.from(atob(element.textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  /* Each column of "data" has one value for each incident, the latest incident first. -1 stands for null.
     kl, kb, kh: killed as low, best, high; il, ib, ih: injured; cf, ci: children killed, children injured.
     day: days since 1970-01-01; span: how many more days the incident may have taken. */
  const data = await unpack("core");
  const total = data.id.length;
  const words = (word) => (word === null ? "–" : word.replaceAll("_", " "));
  const isoDate = (day) => new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
  const dayNumber = (text) => Math.round(Date.parse(text + "T00:00:00Z") / 1000 / DAY_SECONDS);
  /* A colour of page.css: light or dark, as the reader's system has it. */
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const formatNumber = (n) => n.toLocaleString("en");

  function toll(low, best, high) {
    if (low < 0 && high < 0) return "–";
    if (low === high) return formatNumber(low);
    if (high < 0) return formatNumber(best >= 0 ? best : low) + "+";
    if (low <= 0 && best === high) return "up to " + formatNumber(high);
    return formatNumber(Math.max(low, 0)) + "–" + formatNumber(high);
  }
  const killed = (i) => toll(data.kl[i], data.kb[i], data.kh[i]);
  const injured = (i) => toll(data.il[i], data.ib[i], data.ih[i]);
  /* The number for sums and for the sizes on the map. Null counts as 0. */
  const bestOrLow = (low, best) => Math.max(0, best >= 0 ? best : low);
  const placeOf = (i) => data.places[data.place[i]];
  const placeName = (i) => placeOf(i)[0] + (placeOf(i)[5] ? " (" + placeOf(i)[5] + ")" : "");
  const countryOf = (i) => data.countries[placeOf(i)[2]];
  function dates(i) {
    const first = isoDate(data.day[i]), last = isoDate(data.day[i] + data.span[i]);
    if (first === last) return first;
    return first + "/" + (first.slice(0, 7) === last.slice(0, 7) ? last.slice(8) : last.slice(0, 4) === first.slice(0, 4) ? last.slice(5) : last);
  }
  const childrenNote = (n) => (n > 0 ? " (" + formatNumber(n) + (n === 1 ? " child)" : " children)") : "");

  /* -- elements: text of articles is set as text, never as markup -------------------------------- */
  function makeElement(tag, text, className) {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (className) element.className = className;
    return element;
  }
  function makeLink(url, text) {
    const isWeb = /^https?:\/\//i.test(url);
    const element = makeElement(isWeb ? "a" : "span", text, "foreign");
    if (isWeb) { element.href = url; element.rel = "noopener noreferrer nofollow"; element.target = "_blank"; }
    return element;
  }

  /* -- filters ---------------------------------------------------------------------------------- */
  let firstDay = Infinity, lastDay = -Infinity;
  for (const day of data.day) { if (day < firstDay) firstDay = day; if (day > lastDay) lastDay = day; }
  const countBy = (keyOf, size) => { const counts = new Array(size).fill(0); for (let i = 0; i < total; i++) counts[keyOf(i)]++; return counts; };
  const perCountry = countBy((i) => placeOf(i)[2], data.countries.length);
  const perWeapon = countBy((i) => data.weapon[i], data.weapons.length);
  function fillSelect(select, names, counts, label) {
    select.append(new Option("all " + label, ""));
    names.map((name, n) => [name, n]).sort((a, b) => (a[0] < b[0] ? -1 : 1))
      .forEach(([name, n]) => select.append(new Option(name + " (" + formatNumber(counts[n]) + ")", n)));
  }
  fillSelect($("country"), data.countries.map((c) => c[1]), perCountry, "countries");
  fillSelect($("weapon"), data.weapons.map(words), perWeapon, "weapons");
  if (total) for (const id of ["from", "to"]) { $(id).min = isoDate(firstDay); $(id).max = isoDate(lastDay); }

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const placeNames = data.places.map((p) => fold(p[0] + " " + (p[1] || "") + " " + (p[5] || "")));
  function filteredIncidents() {
    const from = $("from").value ? dayNumber($("from").value) : -Infinity;
    const to = $("to").value ? dayNumber($("to").value) : Infinity;
    const country = $("country").value, weapon = $("weapon").value, place = fold($("place").value.trim());
    const found = [];
    for (let i = 0; i < total; i++) {
      if (data.day[i] + data.span[i] < from || data.day[i] > to) continue;
      if (country !== "" && placeOf(i)[2] !== +country) continue;
      if (weapon !== "" && data.weapon[i] !== +weapon) continue;
      if (place && !placeNames[data.place[i]].includes(place)) continue;
      found.push(i);
    }
    return found;
  }

  /* -- map -------------------------------------------------------------------------------------- */
  const FAMILIES = [
    ["missile", "#b3261e", ["missile", "ballistic_missile", "cruise_missile"]],
    ["drone", "#6a3fb5", ["drone"]],
    ["air", "#1f6fb2", ["airstrike", "guided_bomb"]],
    ["ground", "#8a6d1a", ["artillery", "mortar", "rocket", "cluster_munition", "mine_or_ied"]],
    ["other", "#55606e", []],
  ];
  const colourOf = (weapon) => (FAMILIES.find((f) => f[2].includes(weapon)) || FAMILIES[4])[1];
  const map = L.map("map", { preferCanvas: true, worldCopyJump: true, minZoom: 1, maxZoom: 12, zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  const world = await unpack("countries");
  /* Let a ring that crosses the date line continue beyond 180 degrees. Otherwise Leaflet draws a line across the
     whole map. */
  const continuousRing = (ring) => {
    let turn = 0;
    return ring.map(([lng, lat], k) => {
      if (k) turn += Math.abs(lng - ring[k - 1][0]) > 180 ? (lng < 0 ? 360 : -360) : 0;
      return [lng + turn, lat];
    });
  };
  const outlines = topojson.feature(world, world.objects.countries);
  outlines.features = outlines.features.filter((country) => country.id !== "010"); /* Antarctica: a ring around a pole would fill the map */
  for (const { geometry } of outlines.features) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const rings of polygons) rings.forEach((ring, k) => { rings[k] = continuousRing(ring); });
  }
  L.geoJSON(outlines, {
    interactive: false, style: { color: colour("border"), weight: 1, fillColor: colour("land"), fillOpacity: 1 },
  }).addTo(map);
  const regions = L.layerGroup();
  for (const lines of Object.values((await unpack("regions")) || {})) {
    for (const line of lines) {
      const points = [];
      for (let k = 0; k < line.length; k += 2) points.push([line[k + 1] / 100, line[k] / 100]);
      regions.addLayer(L.polyline(points, { interactive: false, color: colour("region"), weight: 1 }));
    }
  }
  const marks = L.layerGroup().addTo(map);
  let index = null;

  function indexIncidents(found) {
    index = new Supercluster({
      radius: 46, maxZoom: 11,
      map: (p) => ({ killed: p.killed }), reduce: (sum, p) => { sum.killed += p.killed; },
    });
    const points = [];
    for (const i of found) {
      const place = placeOf(i);
      if (place[3] === null) continue;
      points.push({ type: "Feature", properties: { i, killed: bestOrLow(data.kl[i], data.kb[i]) }, geometry: { type: "Point", coordinates: [place[4], place[3]] } });
    }
    index.load(points);
    return points;
  }
  function drawMarks() {
    if (!index) return;
    marks.clearLayers();
    if (map.getZoom() >= 4.5) regions.addTo(map); else regions.remove();
    const b = map.getBounds().pad(0.1);
    const zoom = Math.floor(map.getZoom());
    for (const mark of index.getClusters([b.getWest(), b.getSouth(), b.getEast(), b.getNorth()], zoom)) {
      const [lng, lat] = mark.geometry.coordinates, p = mark.properties;
      const count = p.cluster ? p.point_count : 1;
      const radius = p.cluster ? 8 + 1.4 * Math.log2(count) : 5 + Math.min(9, Math.sqrt(p.killed));
      const circle = L.circleMarker([lat, lng], {
        radius, weight: 1, color: "#fff", fillOpacity: 0.82,
        fillColor: p.cluster ? "#7a2a25" : colourOf(data.weapons[data.weapon[p.i]]),
      });
      circle.on("click", () => (p.cluster ? openCluster(mark) : showIncident(p.i)));
      marks.addLayer(circle);
      if (p.cluster) {
        marks.addLayer(L.marker([lat, lng], { interactive: false, keyboard: false, icon: L.divIcon({ className: "count", html: p.point_count_abbreviated, iconSize: [40, 12] }) }));
      }
    }
  }
  function openCluster(mark) {
    const [lng, lat] = mark.geometry.coordinates;
    const to = index.getClusterExpansionZoom(mark.properties.cluster_id);
    if (to <= 11 && to > map.getZoom()) { map.setView([lat, lng], to); return; }
    const leaves = index.getLeaves(mark.properties.cluster_id, 500).map((leaf) => leaf.properties.i).sort((a, b) => a - b);
    const box = $("detail");
    box.replaceChildren(makeElement("h2", formatNumber(mark.properties.point_count) + " incidents here"));
    for (const i of leaves) {
      const button = makeElement("button", dates(i) + ", " + placeName(i) + ": " + words(data.weapons[data.weapon[i]]) + ", killed " + killed(i), "pick foreign");
      button.type = "button";
      button.addEventListener("click", () => showIncident(i));
      box.append(button);
    }
    box.focus({ preventScroll: false });
  }
  map.on("moveend", drawMarks);

  /* -- timeline --------------------------------------------------------------------------------- */
  let plot = null;
  function binByTime(found) {
    let first = Infinity, last = -Infinity;
    for (const i of found) { if (data.day[i] < first) first = data.day[i]; if (data.day[i] > last) last = data.day[i]; }
    const width = last - first > 1500 ? 28 : last - first > 250 ? 7 : 1;
    const size = found.length ? Math.floor((last - first) / width) + 1 : 0;
    const times = [], counts = new Array(size).fill(0), killedCounts = new Array(size).fill(0);
    for (let n = 0; n < size; n++) times.push((first + n * width) * DAY_SECONDS);
    for (const i of found) {
      const n = Math.floor((data.day[i] - first) / width);
      counts[n]++;
      killedCounts[n] += bestOrLow(data.kl[i], data.kb[i]);
    }
    return [[times, counts, killedCounts], width];
  }
  function drawTimeline(found) {
    const [series, width] = binByTime(found);
    const box = $("timeline");
    if (plot) plot.destroy();
    const per = width === 1 ? "day" : width === 7 ? "week" : "4 weeks";
    plot = new uPlot({
      width: Math.max(280, box.clientWidth - 10), height: 150, tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "Etc/UTC"),
      cursor: { drag: { x: true, y: false, setScale: false } },
      scales: { y: { range: (u, low, high) => [0, Math.max(1, high) * 1.1] }, killed: { range: (u, low, high) => [0, Math.max(1, high) * 1.1] } },
      axes: [{}, { size: 46 }, { scale: "killed", side: 1, size: 52, grid: { show: false } }].map((axis) => ({ stroke: colour("soft"), ...axis, grid: { stroke: colour("line"), width: 1, ...axis.grid }, ticks: { stroke: colour("line"), width: 1 } })),
      series: [
        { value: (u, v) => (v === null ? "" : isoDate(Math.round(v / DAY_SECONDS))) },
        { label: "incidents per " + per, scale: "y", stroke: colour("soft"), fill: colour("bars"), paths: uPlot.paths.bars({ size: [0.9, 60] }), points: { show: false } },
        { label: "killed", scale: "killed", stroke: colour("accent"), width: 1.5, points: { show: series[0].length < 40 } },
      ],
      hooks: { setSelect: [(u) => {
        if (u.select.width < 4) return;
        const from = u.posToVal(u.select.left, "x") / DAY_SECONDS, to = u.posToVal(u.select.left + u.select.width, "x") / DAY_SECONDS;
        $("from").value = isoDate(Math.max(firstDay, Math.ceil(from)));
        $("to").value = isoDate(Math.min(lastDay, Math.floor(to)));
        u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        update();
      }] },
    }, series, box);
  }
  window.addEventListener("resize", () => { if (plot) plot.setSize({ width: Math.max(280, $("timeline").clientWidth - 10), height: 150 }); });

  /* -- table ------------------------------------------------------------------------------------ */
  const byNumber = (field) => (a, b, rowA, rowB) => rowA.getData()[field] - rowB.getData()[field];
  const column = (title, field, more) => ({ title, field, ...more });
  const row = (i) => ({
    i, date: dates(i), place: placeName(i), country: countryOf(i)[1], weapon: words(data.weapons[data.weapon[i]]),
    by: data.actor[i] < 0 ? "–" : data.actors[data.actor[i]], killed: killed(i), injured: injured(i),
    reports: data.reports[i], sources: data.sources[i],
    k: bestOrLow(data.kl[i], data.kb[i]), n: bestOrLow(data.il[i], data.ib[i]),
  });
  const table = new Tabulator("#table", {
    data: [], layout: "fitColumns", responsiveLayout: "collapse", responsiveLayoutCollapseStartOpen: false, pagination: true, paginationSize: 25,
    paginationSizeSelector: [25, 100, 500], placeholder: "No incident fits the filter.", paginationCounter: "rows",
    footerElement: "#pages", // a grid may hold rows alone
    columns: [
      { formatter: "responsiveCollapse", titleFormatter: () => makeElement("span", "more", "unseen"), width: 30, minWidth: 30, hozAlign: "center", resizable: false, headerSort: false },
      column("date", "date", { minWidth: 115, widthGrow: 1.2, responsive: 0 }),
      column("place", "place", { minWidth: 110, widthGrow: 2, cssClass: "foreign", responsive: 0 }),
      column("country", "country", { minWidth: 90, responsive: 2 }),
      column("weapon", "weapon", { minWidth: 90, responsive: 1 }),
      column("by", "by", { minWidth: 90, responsive: 3, cssClass: "foreign" }),
      column("killed", "killed", { minWidth: 65, hozAlign: "right", responsive: 0, sorter: byNumber("k") }),
      column("injured", "injured", { minWidth: 65, hozAlign: "right", responsive: 2, sorter: byNumber("n") }),
      column("reports", "reports", { minWidth: 65, hozAlign: "right", responsive: 4, sorter: "number" }),
      column("sources", "sources", { minWidth: 65, hozAlign: "right", responsive: 4, sorter: "number" }),
    ],
  });
  const isBuilt = new Promise((done) => table.on("tableBuilt", done));
  // The table is as high as its page of rows and does not scroll, so nothing is gained by a stop there with the Tab key.
  isBuilt.then(() => $("table").querySelector(".tabulator-tableholder").removeAttribute("tabindex"));
  table.on("rowClick", (event, clicked) => showIncident(clicked.getData().i));

  /* -- downloads: the names, the order and the cells of strikeledger export incidents -------------- */
  const orNull = (n) => (n < 0 ? null : n);
  const toldBy = (column) => (i) => orNull(data[column][i]);
  const placeCell = (k) => (i) => placeOf(i)[k];
  const firstDate = (i) => isoDate(data.day[i]);
  const CELLS = {
    incident_id: (i) => "i-" + data.id[i],
    event_date: firstDate, event_date_start: firstDate, event_date_end: (i) => isoDate(data.day[i] + data.span[i]),
    location: placeCell(0), admin1: placeCell(1), country: (i) => countryOf(i)[0], latitude: placeCell(3), longitude: placeCell(4), sublocation: placeCell(5),
    weapon: (i) => data.weapons[data.weapon[i]], actor: (i) => (data.actor[i] < 0 ? null : data.actors[data.actor[i]]),
    fatalities_low: toldBy("kl"), fatalities_best: toldBy("kb"), fatalities_high: toldBy("kh"),
    injured_low: toldBy("il"), injured_best: toldBy("ib"), injured_high: toldBy("ih"),
    child_fatalities: toldBy("cf"), child_injured: toldBy("ci"),
    claim_status: (i) => data.statuses[data.status[i]], number_of_reports: toldBy("reports"), number_of_sources: toldBy("sources"),
  };
  for (const [name, [numbers, values]] of Object.entries(data.others)) CELLS[name] = (i) => values[numbers[i]];
  /* Told by the details of an incident. Older incidents of a large ledger have none on the page: their cells are empty. */
  const reportTimes = (detail) => detail.r.map((report) => report[2]).filter((time) => time !== null).sort();
  const DETAIL_CELLS = {
    first_reported_at: (detail) => reportTimes(detail)[0] ?? null, last_reported_at: (detail) => reportTimes(detail).at(-1) ?? null,
    headline: (detail) => detail.h, source_urls: (detail) => [...new Set(detail.r.map((report) => report[1]))].sort(),
  };
  const exported = data.exported.filter((name) => CELLS[name] || DETAIL_CELLS[name]);
  /* A spreadsheet runs a cell that begins like a formula. An apostrophe in front makes it text. A number stays one. */
  function csvCell(value) {
    if (value === null) return "";
    if (typeof value === "number") return String(value);
    const flat = Array.isArray(value) ? value.join("; ") : value;
    const text = /^[=+\-@\t\r]/.test(flat) ? "'" + flat : flat;
    return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }
  function save(name, type, text) {
    const link = makeElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  async function shownRows() {
    const rows = table.getData("active").map(({ i }) => i), chunks = new Map();
    for (const i of rows) {
      const number = Math.floor(i / data.chunk);
      if (!chunks.has(number)) chunks.set(number, await unpack("d" + number));
    }
    return rows.map((i) => {
      const chunk = chunks.get(Math.floor(i / data.chunk)), detail = chunk && chunk[i % data.chunk];
      return exported.map((name) => (CELLS[name] ? CELLS[name](i) : detail ? DETAIL_CELLS[name](detail) : null));
    });
  }
  $("csv").addEventListener("click", async () => save("incidents.csv", "text/csv", [exported, ...await shownRows()].map((cells) => cells.map(csvCell).join(",") + "\r\n").join("")));
  $("json").addEventListener("click", async () => save("incidents.json", "application/json", JSON.stringify((await shownRows()).map((cells) => Object.fromEntries(exported.map((name, n) => [name, cells[n]]))), null, 1)));

  /* -- one incident ----------------------------------------------------------------------------- */
  const FIELDS = { event_date_start: "date", event_date_end: "date", fatalities_low: "killed", fatalities_best: "killed", fatalities_high: "killed", injured_low: "injured", injured_best: "injured", injured_high: "injured", child_fatalities: "children killed", child_injured: "children injured" };
  async function showIncident(i) {
    const chunk = await unpack("d" + Math.floor(i / data.chunk));
    const place = placeOf(i), box = $("detail");
    box.replaceChildren(makeElement("h2", placeName(i) + (place[1] && place[1] !== place[0] ? ", " + place[1] : ""), "foreign"));
    const by = data.actor[i] < 0 ? "" : ", by " + data.actors[data.actor[i]];
    box.append(makeElement("p", dates(i) + " · " + countryOf(i)[1] + " · " + words(data.weapons[data.weapon[i]]) + by, "facts foreign"));
    const line = makeElement("p", "", "toll");
    line.append("killed ", makeElement("b", killed(i)), childrenNote(data.cf[i]), " · injured ", makeElement("b", injured(i)), childrenNote(data.ci[i]));
    box.append(line);
    const status = data.statuses[data.status[i]];
    const [reviewNumbers, reviewed] = data.others.status, review = reviewed[reviewNumbers[i]];
    if (review === "needs_review") box.append(makeElement("span", "unchecked", "tag"), " ");
    if (status !== "reported") box.append(makeElement("span", status, "tag " + status));
    const detail = chunk && chunk[i % data.chunk];
    if (!detail) {
      box.append(makeElement("p", "The toll history, sources and sentences of this incident are not in this page. It has those of the latest " + formatNumber(data.detailed) + " incidents only. For a page of fewer incidents use strikeledger dashboard with --since and --until; for this incident use strikeledger explain i-" + data.id[i] + ".", "hint"));
    } else {
      box.append(makeElement("p", detail.h, "foreign"));
      if (detail.t) box.append(makeElement("p", "time of day: " + detail.t, "facts"));
      if (detail.s.length) {
        box.append(makeElement("h3", "Toll history"));
        const history = makeElement("table"), head = makeElement("tr");
        for (const title of ["from", "killed", "injured"]) head.append(makeElement("th", title));
        history.append(head);
        for (const step of detail.s) {
          const tr = makeElement("tr");
          tr.append(makeElement("td", step[0] ? step[0].slice(0, 16).replace("T", " ") : "–"), makeElement("td", toll(step[1], step[2], step[3])), makeElement("td", toll(step[4], step[5], step[6])));
          history.append(tr);
        }
        box.append(history);
      }
      box.append(makeElement("h3", formatNumber(detail.r.length) + (detail.r.length === 1 ? " report" : " reports")));
      for (const [source, url, published, headline, k, n, evidence] of detail.r) {
        const report = makeElement("article");
        const top = makeElement("p");
        top.append(makeElement("b", source || "unknown outlet", "foreign"), " ", makeElement("span", published ? published.slice(0, 16).replace("T", " ") : "", "minor"));
        const figures = makeElement("p", "killed " + toll(...k) + ", injured " + toll(...n), "minor");
        report.append(top, makeLink(url, headline || url), figures);
        for (const [fields, text] of evidence) {
          const quote = makeElement("blockquote");
          quote.append(makeElement("span", text, "foreign"), " ", makeElement("span", [...new Set(fields.map((f) => FIELDS[f] || words(f)))].join(", "), "minor"));
          report.append(quote);
        }
        box.append(report);
      }
    }
    box.append(makeElement("p", "i-" + data.id[i], "minor"));
    box.scrollTop = 0;
    if (window.innerWidth <= 832) box.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  /* -- the whole page for the chosen filters ------------------------------------------------------ */
  /* A sum is a range: from the lowest figures to the highest, open where one of them has no upper limit. */
  function sumOf(rows, lows, highs) {
    let low = 0, high = 0, isOpen = false;
    for (const i of rows) if (lows[i] >= 0) { low += lows[i]; high += Math.max(highs[i], lows[i]); isOpen ||= highs[i] < 0; }
    return formatNumber(low) + (isOpen ? "+" : high > low ? "–" + formatNumber(high) : "");
  }
  let isFirstUpdate = true;
  async function update() {
    const found = filteredIncidents();
    const counted = found.filter((i) => data.counted[i]);
    const bold = (text) => makeElement("b", text);
    $("summary").replaceChildren(bold(formatNumber(found.length)), " incidents" + (found.length < total ? " of " + formatNumber(total) : "") + ", ", bold(sumOf(counted, data.kl, data.kh)), " killed, ", bold(sumOf(counted, data.il, data.ih)), " injured");
    if (counted.length < found.length) $("summary").append(" in the " + formatNumber(counted.length) + " that count: those in review, and those first reported more than 90 days later, do not");
    const points = indexIncidents(found);
    if (points.length) {
      const bounds = L.latLngBounds(points.slice(0, 20000).map((p) => [p.geometry.coordinates[1], p.geometry.coordinates[0]]));
      map.fitBounds(bounds.pad(0.15), { maxZoom: 7, animate: !isFirstUpdate });
    } else if (isFirstUpdate) map.setView([30, 30], 3);
    isFirstUpdate = false;
    drawMarks();
    drawTimeline(found);
    await isBuilt;
    await table.setData(found.map(row));
    document.body.dataset.found = found.length;
  }
  let timer = 0;
  $("filters").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(update, 150); });
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("clear").addEventListener("click", () => { $("filters").reset(); update(); });
  $("made").textContent = "Made " + data.made.slice(0, 16).replace("T", " ") + " UTC by strikeledger " + data.version + ".";
  await update();
  document.body.dataset.ready = "yes";
})();
