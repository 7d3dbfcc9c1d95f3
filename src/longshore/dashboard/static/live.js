// A page that shows how something gets on: by events of the server, or where these cannot be had, by
// asking every two seconds. Without this module the page is loaded again and again.
import { say } from "./page.js";

const NEWS_SECONDS = 30; // silence of the server that is worth a word
const SAY_SECONDS = 10; // between two sentences for readers of the screen
const HIDDEN_SECONDS = 5; // between two looks while nobody sees the page
const PLOT_SECONDS_MIN = 30;
const PLOT_POINTS = 240;

const box = document.getElementById("watch");
const bar = document.getElementById("watch-bar");
const show = (name) => box.querySelector(`[data-show="${name}"]`);
const things = JSON.parse(box.dataset.things); // what people call the types in a phase
const number = (value) => Number(value).toLocaleString();
const unit = box.dataset.unit; // row, or change of an undo
const units = (count) => `${number(count)} ${unit}${count === 1 ? "" : "s"}`;
const title = document.title.replace(/^\d+ % · /, "");
const icon = document.querySelector('link[rel="icon"]');

// 12 s, 3 min 20 s, 2 h 5 min.
function duration(seconds) {
  const whole = Math.max(Math.round(seconds), 1);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

// The tab tells as well: its title, and a picture that fills up.
function tellTab(progress) {
  document.title = `${progress.percent} % · ${title}`;
  const height = (32 * progress.percent) / 100;
  const colour = progress.wait ? "#b26a00" : progress.errors_count ? "#c2182f" : "#0b5c6b";
  const drawn =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#9fb2ba"/>` +
    `<clipPath id="c"><rect width="32" height="32" rx="6"/></clipPath><rect clip-path="url(#c)" y="${32 - height}" width="32" height="${height}" fill="${colour}"/></svg>`;
  icon.href = `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

// The rate over time.
const start = performance.now() / 1000;
const points = (box.dataset.rates || "").split(" ").filter(Boolean).map((each) => {
  const [ago, rate] = each.split(":").map(Number);
  return [-ago, rate];
});

let before = null;
function plot(progress) {
  const now = performance.now() / 1000 - start;
  if (before && now - before.now >= 0.5) {
    points.push([now, Math.max(progress.rows_done - before.rows, 0) / (now - before.now)]);
    if (points.length > PLOT_POINTS) points.splice(1, 1);
  }
  if (!before || now - before.now >= 0.5) before = { now, rows: progress.rows_done };
  if (points.length < 2) return;
  const svg = box.querySelector("svg.plot");
  const { width, height } = svg.viewBox.baseVal;
  const span = Math.max(now - points[0][0], PLOT_SECONDS_MIN);
  const rates = points.map(([, rate]) => rate);
  const top = Math.max(...rates) || 1;
  const line = points.map(([at, rate]) => `${(width * (1 - (now - at) / span)).toFixed(1)},${(height - 2 - ((height - 4) * rate) / top).toFixed(1)}`);
  svg.querySelector("polyline").setAttribute("points", line.join(" "));
  show("plot").textContent = `${unit === "row" ? "Rows" : "Changes"} a second over the last ${duration(now - points[0][0])}: from ${number(Math.round(Math.min(...rates)))} to ${number(Math.round(top))}`;
}

function count(name, value) {
  const place = box.querySelector(`[data-count="${name}"] data`);
  if (!place) return;
  place.value = value;
  place.textContent = number(value);
}

function showWait(wait) {
  show("wait").hidden = !wait;
  if (!wait) return;
  const part = (name) => box.querySelector(`[data-wait="${name}"]`);
  part("message").textContent = wait.message;
  part("hint").textContent = wait.hint ?? "";
  part("command").hidden = wait.reason !== "no_worker";
  part("command").textContent = wait.command ?? "";
  part("link").hidden = !wait.import_id;
  if (wait.import_id) part("link").href = `/dashboard/${wait.kind === "undo" ? "undos" : "imports"}/${wait.import_id}`;
}

// What is all or nothing says in which stage it is; as long as rows are judged, none has an outcome.
function showStage(progress) {
  const stage = show("stage");
  if (!stage || progress.status === "completed" || progress.status === "interrupted") return;
  stage.textContent = stage.dataset[progress.stage ?? "waiting"];
  const when = !progress.stage || progress.stage === "judging" ? "judging" : "writing";
  for (const place of box.querySelectorAll("[data-when]")) place.hidden = place.dataset.when !== when;
}

let told = 0;
let lastSaid = performance.now();
function showProgress(progress) {
  told = performance.now();
  const left = progress.seconds_left === null || progress.wait ? "" : `${duration(progress.seconds_left)} left`;
  const phase = progress.phase.replace(/\b[a-z0-9_]+\b/g, (name) => things[name] ?? name);
  if (phase) show("phase").textContent = phase.charAt(0).toUpperCase() + phase.slice(1);
  bar.value = progress.percent;
  const spoken = [`${progress.percent} percent`, left].filter(Boolean).join(", ");
  bar.setAttribute("aria-valuetext", spoken);
  show("percent").textContent = `${progress.percent} %`;
  show("rows").textContent = `${number(progress.rows_done)} of ${units(progress.rows_count)}`;
  const rate = progress.rows_per_second;
  show("rate").textContent = rate === null ? "" : `${number(Math.round(rate))} ${unit}s/s`;
  show("left").textContent = left;
  showStage(progress);
  // What the page said of it when it was made, by its status then.
  for (const place of document.querySelectorAll("[data-while]")) place.hidden = place.dataset.while !== progress.status;
  const counts = { ...progress, judged_count: progress.inputs_size - progress.rows_to_go - progress.errors_count };
  for (const place of box.querySelectorAll("[data-count]")) count(place.dataset.count, counts[place.dataset.count]);
  if (progress.skipped_count && !box.querySelector('[data-count="skipped_count"]')) location.reload();
  showWait(progress.wait);
  const written = show("written");
  if (written) {
    written.textContent = units(unit === "row" ? progress.inputs_size - progress.rows_to_go - progress.errors_count : progress.rows_done);
    show("to_go").textContent = number(progress.rows_to_go);
  }
  plot(progress);
  tellTab(progress);
  showNews();
  if (told - lastSaid >= SAY_SECONDS * 1000) {
    lastSaid = told;
    say(progress.wait ? progress.wait.message : spoken);
  }
}

// Those that the page shows already may come again: a row is shown once.
const failedShown = new Set((box.dataset.failed || "").split(" ").filter(Boolean));
function addFailed(found) {
  const list = show("failed").querySelector("ol");
  for (const each of found) {
    const key = `${each.row}/${each.line}`;
    if (failedShown.has(key)) continue;
    failedShown.add(key);
    const item = document.createElement("li");
    const place = each.cell ? each.cell : `line ${number(each.line)}`;
    const attribute = document.createElement("bdi");
    attribute.textContent = each.attribute;
    item.append(`Row ${number(each.row)} (${place}): `, attribute, ` ${each.message}`);
    list.append(item);
  }
  show("failed").hidden = !list.children.length;
}

function end(progress) {
  close();
  hasEnded = true;
  showProgress(progress);
  const left = unit === "row" ? `${number(progress.errors_count)} failed` : `${number(progress.kept_count)} kept`;
  say(`It has ended: ${units((progress.inputs_size ?? progress.changes_count) - progress.rows_to_go)} gone through, ${left}`);
  // The page has another face then. With a form open, whoever uses it decides when.
  location.assign(box.dataset.page);
}

// Where the news come from, and whether any do.

let source = null;
let timer = null;
let hasEnded = false;
let way = "events";

function showNews() {
  const silent = (performance.now() - told) / 1000;
  const news = show("news");
  const text =
    told && silent > NEWS_SECONDS
      ? `No news from the server for ${duration(silent)}. What it runs goes on; this page tries again by itself.`
      : way === "poll"
        ? "Updates every 2 seconds. You can close this page."
        : "You can close this page.";
  if (news.textContent !== text) news.textContent = text;
}
setInterval(showNews, 1000);

function close() {
  source?.close();
  source = null;
  clearTimeout(timer);
}

function listen() {
  close();
  way = "events";
  if (!window.EventSource) return poll();
  source = new EventSource(box.dataset.stream);
  source.addEventListener("progress", (event) => showProgress(JSON.parse(event.data)));
  source.addEventListener("failed", (event) => addFailed(JSON.parse(event.data)));
  source.addEventListener("end", (event) => end(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    // One that only lost its connection tries again by itself; one that was refused does not.
    if (source?.readyState === EventSource.CLOSED) poll();
  });
}

async function look() {
  const response = await fetch(box.dataset.stream, { headers: { Accept: "application/json" } });
  if (response.status === 401 || response.status === 404) return location.reload();
  if (!response.ok) return;
  const progress = await response.json();
  addFailed(progress.failed);
  if (progress.has_ended) end(progress);
  else showProgress(progress);
}

function poll(milliseconds = Number(box.dataset.poll)) {
  close();
  way = milliseconds > Number(box.dataset.poll) ? "events" : "poll";
  timer = setTimeout(async () => {
    await look().catch(() => {});
    if (!hasEnded) poll(milliseconds);
  }, milliseconds);
}

// A browser has few connections to one server: pages that nobody sees do not hold one each.
document.addEventListener("visibilitychange", () => {
  if (hasEnded) return;
  if (document.hidden) poll(HIDDEN_SECONDS * 1000);
  else listen();
});

told = performance.now();
tellTab({ percent: bar.value, wait: !show("wait").hidden, errors_count: Number(box.querySelector('[data-count="errors_count"] data')?.value ?? 0) });
listen();
