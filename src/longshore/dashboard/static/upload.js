// Sends a file in parts: each is safe once it is answered, so a cut, a reload and a server that
// starts again cost one part at the most. Several files are sent as one archive. Without this module
// the form sends the files at once.
import { archived } from "./archive.js";
import { formToken, say, send, takeAnswer } from "./page.js";

const AGAIN_SECONDS = 5;
const form = document.getElementById("upload");
const input = document.getElementById("file");
const panel = document.getElementById("upload-progress");
const bar = document.getElementById("upload-bar");
const text = document.getElementById("upload-text");
const trouble = document.getElementById("upload-trouble");
const cancel = document.getElementById("upload-cancel");
const title = document.title; // of the page when nothing is on its way

let stop = null; // an AbortController while a file is on its way
let address = form.dataset.address ?? null;
let told = 0;

form.querySelector("button").hidden = true; // choosing a file is enough
form.addEventListener("submit", (event) => {
  if (!input.files.length) return;
  event.preventDefault();
  begin(input.files);
});
input.addEventListener("change", () => input.files.length && begin(input.files));

// The whole window takes a dropped file.
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files") || stop) return;
    event.preventDefault();
    form.classList.add("over");
  });
}
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("over");
});
document.addEventListener("drop", (event) => {
  form.classList.remove("over");
  const files = event.dataTransfer?.files;
  if (!files?.length || stop) return;
  event.preventDefault();
  begin(files);
});
addEventListener("beforeunload", (event) => stop && event.preventDefault());
cancel.addEventListener("click", async () => {
  stop?.abort();
  stop = null;
  if (address) await send(`${address}/discard`, {}).catch(() => {});
  location.assign("/dashboard/new");
});

async function begin(files) {
  if (stop) return;
  complain("");
  if (files.length < 2) return upload(files[0]);
  open();
  const { signal } = stop;
  try {
    const file = await archived(files, { signal, onRead: showRead });
    close();
    await upload(file);
  } catch (error) {
    if (signal.aborted) return;
    close();
    complain(error.message);
  }
}

function open() {
  stop = new AbortController();
  form.hidden = true;
  panel.hidden = false;
  cancel.focus();
}

function close() {
  stop = null;
  form.hidden = false;
  panel.hidden = true;
  document.title = title;
}

async function upload(file) {
  const size = form.dataset.size ? Number(form.dataset.size) : file.size;
  if (form.dataset.name && (file.name !== form.dataset.name || file.size !== size)) {
    return complain(
      `${file.name} has ${file.size.toLocaleString()} bytes, and the upload is of ${form.dataset.name} with ` +
        `${size.toLocaleString()} bytes. Choose the same file again, or all of them, or discard this upload.`,
    );
  }
  if (!file.size) return complain(`${file.name} is empty.`);
  const max = Number(form.dataset.max || Infinity);
  if (file.size > max) return complain(`${file.name} has ${megabytes(file.size)} MB, at most ${megabytes(max)} MB are taken.`);
  open();
  const { signal } = stop;
  let received = Number(form.dataset.received ?? 0);
  const began = { at: performance.now(), received };
  while (!signal.aborted) {
    show(received, file.size, began);
    let answer;
    try {
      if (!address) {
        answer = await send("/dashboard/new", { name: file.name, size: file.size }, { headers: { "Content-Type": "application/json" } });
      } else if (received < file.size) {
        const part = file.slice(received, received + Number(form.dataset.part));
        answer = await put(`${address}/parts?offset=${received}`, part, signal, (sent) => show(received + sent, file.size, began));
      } else {
        answer = await send(`${address}/parts`, undefined, { method: "GET" });
      }
    } catch (error) {
      if (signal.aborted) return;
      answer = null;
    }
    if (answer?.ok || answer?.status === 409) {
      trouble.hidden = true;
      if (!address) history.replaceState(null, "", answer.body.address); // a reload finds the upload
      address = answer.body.address;
      received = answer.body.received;
      if (answer.body.is_received) {
        stop = null;
        location.assign(`${address}/file`);
        return;
      }
    } else if (answer && answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      close();
      const isGone = answer.status === 404; // it was discarded in another tab, or has expired
      form.hidden = isGone;
      return complain(
        [answer.body.error, answer.body.hint].filter(Boolean).join(": ") || `The server answered ${answer.status}.`,
        isGone ? ["/dashboard/new", "New import"] : answer.body.hint?.includes("discard") ? ["/dashboard", "Look at what is being prepared"] : null,
      );
    } else {
      trouble.textContent =
        answer?.status === 401
          ? "The session has ended. What was uploaded is safe; sign in again in another tab, and this page goes on."
          : "The server does not answer. What was uploaded is safe; this page tries again every 5 seconds.";
      trouble.hidden = false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_SECONDS * 1000));
      began.at = performance.now();
      began.received = received;
    }
  }
}

// XMLHttpRequest tells how much of a part is on its way, which fetch does not.
async function put(where, part, signal, onSent) {
  let answer = await putOnce(where, part, signal, onSent);
  if (takeAnswer(answer.status, answer.body)) answer = await putOnce(where, part, signal, onSent);
  return answer;
}

function putOnce(where, part, signal, onSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", where);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Form-Token", formToken());
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onerror = request.ontimeout = () => reject(new Error("cut off"));
    request.onabort = () => reject(new Error("cancelled"));
    request.onload = () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        if (request.status < 500) return reject(new Error("no document"));
      }
      resolve({ ok: request.status < 300, status: request.status, body });
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(part);
  });
}

function showRead(read, size) {
  bar.max = size;
  bar.value = read;
  text.textContent = `The files are read: ${megabytes(read)} of ${megabytes(size)} MB`;
}

function show(received, size, began) {
  bar.max = size;
  bar.value = received;
  const seconds = (performance.now() - began.at) / 1000;
  const rate = (received - began.received) / seconds;
  const left = seconds > 1 && rate > 0 ? `, ${remaining((size - received) / rate)} left` : "";
  text.textContent = `${megabytes(received)} of ${megabytes(size)} MB${left}`;
  document.title = `${Math.floor((100 * received) / size)} % uploaded · longshore`;
  if (performance.now() - told > 5000) {
    told = performance.now();
    say(text.textContent);
  }
}

function megabytes(bytes) {
  const value = bytes / 1e6;
  return value.toLocaleString(undefined, { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function remaining(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function complain(message, way = null) {
  let notice = document.getElementById("upload-refused");
  if (!message) return notice?.remove();
  if (!notice) {
    notice = document.createElement("div");
    notice.id = "upload-refused";
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    form.before(notice);
  }
  notice.textContent = way ? `${message}. ` : message;
  if (!way) return;
  const link = document.createElement("a");
  [link.href, link.textContent] = way;
  notice.append(link);
}
