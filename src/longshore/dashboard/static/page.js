// What every page gets: numbers and times as the reader's browser writes them, and keys.
for (const each of document.querySelectorAll("data.n")) {
  const value = Number(each.value);
  if (Number.isFinite(value)) each.textContent = value.toLocaleString();
}

export function showTimes(within) {
  for (const each of within.querySelectorAll("time[datetime]")) {
    const moment = new Date(each.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    each.textContent = moment.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
    each.title = moment.toLocaleString(undefined, { dateStyle: "full", timeStyle: "long" });
  }
}
showTimes(document);

// Sends what a module changes, with the token of the session; answers { ok, status, body, markup }.
export async function send(address, body, { method = "POST", headers = {}, isAgain = false } = {}) {
  const isAsItIs = body instanceof Blob || body instanceof FormData || body instanceof URLSearchParams;
  const response = await fetch(address, {
    method,
    body: isAsItIs ? body : JSON.stringify(body),
    headers: { Accept: "application/json", "X-Form-Token": formToken(), ...headers },
  });
  const type = response.headers.get("content-type") ?? "";
  const found = type.startsWith("application/json") ? await response.json() : {};
  const markup = type.startsWith("text/html") ? await response.text() : "";
  if (takeAnswer(response.status, found) && !isAgain) return send(address, body, { method, headers, isAgain: true });
  return { ok: response.ok, status: response.status, body: found, markup };
}

export function formToken() {
  return document.querySelector('meta[name="form-token"]')?.content ?? "";
}

// What an answer says of the session, for whatever has sent the request; true: that is to be sent
// again, because somebody has signed in again in another tab and the page goes on with that session.
export function takeAnswer(status, body) {
  const meta = document.querySelector('meta[name="form-token"]');
  if (status === 401 && body.sign_in) askToSignIn();
  else if (status < 500) document.getElementById("ended")?.remove();
  if (status !== 403 || !body.form_token || !meta) return false;
  meta.content = body.form_token;
  for (const each of document.querySelectorAll('input[name="form_token"]')) each.value = body.form_token;
  return true;
}

// The session has ended: what was typed stays on the page, and a link leads back to it.
function askToSignIn() {
  const link = document.createElement("a");
  link.href = `/dashboard/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.rel = "opener";
  link.textContent = "Sign in again";
  warn("ended", "The session has ended. Nothing is lost. ", link, " in another tab, then go on here.");
}

// A sentence above the page that is seen wherever somebody has scrolled to, and told once; without
// parts it goes.
export function warn(id, ...parts) {
  const before = document.getElementById(id);
  if (parts.length && before?.textContent === parts.map((part) => part.textContent ?? part).join("")) return;
  before?.remove();
  if (!parts.length) return;
  const notice = document.createElement("div");
  notice.id = id;
  notice.className = "notice warn stays";
  notice.setAttribute("role", "alert");
  notice.append(...parts);
  document.getElementById("main").prepend(notice);
}

export function say(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

// Single keys, unless a field has the focus or somebody has switched them off (WCAG 2.1.4).
const places = { i: "", r: "/records", m: "/mappings", a: "/activity", s: "/system" };
let goesAt = 0; // when g was pressed

function areOn() {
  return localStorage.getItem("keys") !== "off";
}

function move(step) {
  const links = [...document.querySelectorAll("main tbody tr")]
    .map((row) => row.querySelector("th a, td a"))
    .filter(Boolean);
  const row = document.activeElement?.closest("tbody tr");
  const at = links.findIndex((link) => row?.contains(link));
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  next?.focus();
  return Boolean(next);
}

function press(key) {
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (key === ".") {
    const menu = document.activeElement?.closest("tbody tr")?.querySelector("details.menu");
    if (menu) menu.open = true;
    menu?.querySelector("a")?.focus();
    return Boolean(menu);
  }
  if (key === "g") {
    goesAt = Date.now();
    return true;
  }
  const isGoing = Date.now() - goesAt < 1500;
  goesAt = 0;
  if (isGoing && key in places) {
    // Only where the header leads: what a session may not see has no link.
    const link = document.querySelector(`header.top nav a[href="/dashboard${places[key]}"]`);
    link?.click();
    return Boolean(link);
  }
  if (key === "?" && document.querySelector("header.top")) {
    location.assign("/dashboard/keys");
    return true;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target) return false;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !areOn()) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], [role=grid], dialog")) return;
  if (press(event.key)) event.preventDefault();
});

// A menu of a row closes by Esc, and where the focus goes elsewhere.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

const keysSwitch = document.getElementById("keys-switch");
if (keysSwitch) {
  const box = document.getElementById("keys-on");
  keysSwitch.hidden = false;
  box.checked = areOn();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem("keys");
    else localStorage.setItem("keys", "off");
    say(box.checked ? "Keys are on" : "Keys are off");
  });
}

// Links to copy: shown where a module can do it.
for (const each of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  const words = each.textContent;
  each.hidden = false;
  each.addEventListener("click", async () => {
    const copied = navigator.clipboard.writeText(each.dataset.copy);
    each.textContent = await copied.then(() => "Copied", () => "Not copied");
    say(each.textContent);
    setTimeout(() => (each.textContent = words), 2000);
  });
}
