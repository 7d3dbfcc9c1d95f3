// The columns are a form that works without this module. With it a choice shows at once what it does,
// and keys help those who match many columns.
import { say, send, showTimes, warn } from "./page.js";

let latest = 0;
let isReplacing = false; // a control that is taken away says that it was changed

// What the form says is sent as its button would do it, and the main part of the page that comes
// back takes the place of this one; what has the focus keeps it.
async function show(form, name) {
  const ours = ++latest;
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "look");
  form.setAttribute("aria-busy", "true");
  const answer = await send(form.action, body).catch(() => null);
  if (ours !== latest) return;
  form.removeAttribute("aria-busy");
  const found = answer && new DOMParser().parseFromString(answer.markup, "text/html");
  if (!found?.getElementById("columns")) {
    // Of a session that has ended the page says so itself.
    const told = [answer?.body.error, answer?.body.hint].filter(Boolean).join(": ");
    if (answer?.status !== 401) warn("unanswered", told || "The server does not answer. Nothing is lost: choose again in a moment.");
    return;
  }
  const open = [...document.querySelectorAll("details[open]")].map(keyOf);
  const { scrollX, scrollY } = window;
  const goOn = goingOn(document.getElementById("columns"), body, name);
  const main = found.getElementById("main");
  isReplacing = true;
  document.getElementById("main").replaceWith(main);
  isReplacing = false;
  for (const each of main.querySelectorAll("details")) if (open.includes(keyOf(each))) each.open = true;
  for (const each of main.querySelectorAll("data.n")) each.textContent = Number(each.value).toLocaleString();
  showTimes(main);
  makeRows();
  scrollTo(scrollX, scrollY);
  goOn(main);
  const problem = main.querySelector(".notice.bad strong, .notice.warn strong");
  say(problem ? problem.textContent : "Every field that is needed is given.");
}

// Keeps what was typed since the form was sent, and where the focus is by now; where it is nowhere in
// the form, it goes to what was changed.
function goingOn(form, sent, changed) {
  const typed = [...form.querySelectorAll("input:not([type=hidden]), textarea")]
    .filter(({ name, value }) => sent.has(name) && sent.get(name) !== value)
    .map(({ name, value }) => [name, value]);
  const active = form.contains(document.activeElement) ? document.activeElement : null;
  const name = active?.name || changed;
  const named = `[name="${CSS.escape(name)}"]`;
  const place = active?.matches("button") ? `${named}[value="${CSS.escape(active.value)}"]` : named;
  const caret = active?.matches("input, textarea") ? [active.selectionStart, active.selectionEnd] : null;
  return (main) => {
    for (const [each, value] of typed) {
      const control = main.querySelector(`[name="${CSS.escape(each)}"]`);
      if (control) control.value = value;
    }
    const control = main.querySelector(place);
    control?.focus({ preventScroll: true });
    if (caret) control?.setSelectionRange?.(...caret);
  };
}

function keyOf(details) {
  const title = details.querySelector("summary")?.textContent.replace(/[\d(),]|columns?/g, "").trim();
  return details.id || details.dataset.line || title;
}

// Only one column is reached by Tab; the arrow keys lead to the others.
function makeRows() {
  for (const [index, header] of headers().entries()) header.tabIndex = index ? -1 : 0;
}

function headers() {
  return [...document.querySelectorAll("tr[id^=row-c] > th")];
}

document.addEventListener("change", (event) => {
  const form = isReplacing ? null : event.target.closest("#columns");
  const name = event.target.name ?? "";
  if (!form || !(/\.(field|unit|add|kind|value)$/.test(name) || /\.t\d+(\.|$)/.test(name) || ["parent", "blank", "null", "decimal"].includes(name))) return;
  // A further field says something once it has a name.
  const line = /^(a\d+)\./.exec(name)?.[1];
  if (line && !form.elements[`${line}.field`].value) return;
  show(form, name);
});

document.addEventListener("keydown", (event) => {
  const header = event.target.closest?.("tr[id^=row-c] > th");
  if (!header || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = headers();
  const to = all[all.indexOf(header) + ({ ArrowDown: 1, ArrowUp: -1 }[event.key] ?? NaN)];
  const select = header.parentElement.querySelector("select");
  if (to) {
    header.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  } else if (event.key === "Enter") {
    select.focus();
  } else if (event.key === "x" && select.value && localStorage.getItem("keys") !== "off") {
    select.value = "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
  } else {
    return;
  }
  event.preventDefault();
});

makeRows();
