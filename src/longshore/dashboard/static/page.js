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

// Sends what a module changes, with the token of the session; answers { ok, status, body }.
export async function send(address, body, { method = "POST", headers = {} } = {}) {
  const token = document.querySelector('meta[name="form-token"]')?.content ?? "";
  const response = await fetch(address, {
    method,
    body: body instanceof Blob || body instanceof FormData ? body : JSON.stringify(body),
    headers: { Accept: "application/json", "X-Form-Token": token, ...headers },
  });
  const isDocument = response.headers.get("content-type")?.startsWith("application/json");
  const found = isDocument ? await response.json() : {};
  if (response.status === 401 && found.sign_in) askToSignIn();
  return { ok: response.ok, status: response.status, body: found };
}

// The session has ended: what was typed stays on the page, and a link leads back to it.
function askToSignIn() {
  if (document.getElementById("ended")) return;
  const notice = document.createElement("div");
  notice.id = "ended";
  notice.className = "notice warn";
  notice.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = `/dashboard/sign-in?to=${encodeURIComponent(location.pathname)}`;
  link.target = "_blank";
  link.rel = "opener";
  link.textContent = "Sign in again";
  notice.append("The session has ended. Nothing is lost. ", link, " in another tab, then go on here.");
  document.getElementById("main").prepend(notice);
}

export function say(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

// Single keys, unless a field has the focus or somebody has switched them off (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
  if (event.target.closest?.("input, textarea, select, [contenteditable], [role=grid]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});
