// The grid of rows with errors (WAI-ARIA authoring practices, "Grid"): one cell has the focus,
// arrows move it, Enter or F2 edits it. What is typed is sent at once, and the rows come back with
// what is wrong with them then. Without this module the table is a form.
import { rowsOf, textOf } from "./clipboard.js";
import { say, send } from "./page.js";

const table = document.querySelector("table.mending[data-edits]");
if (table) begin(table);

// What was not typed into the grid of this page is taken back from the list of changes.
document.addEventListener("keydown", (event) => {
  if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, dialog") || document.querySelector("td.busy")) return;
  const last = document.querySelector(".fixes button[value=back]");
  if (!last) return;
  event.preventDefault();
  last.click();
});

function begin(grid) {
  const form = grid.closest("form");
  const status = form.querySelector(".grid-says");
  const forAll = form.querySelector(".same-for-all");
  const body = grid.tBodies[0];
  let current = null; // the cell that Tab leads to
  let editor = null; // { cell, input }
  let waiting = Promise.resolve();
  const pending = new Map(); // cell -> the last change of it, until the server has answered
  let isLeaving = false;
  let undone = []; // [cell, value] as they were before the last changes

  grid.setAttribute("role", "grid");
  for (const each of form.querySelectorAll(".without-grid")) each.hidden = true;
  for (const each of form.parentElement.querySelectorAll(".with-grid")) each.hidden = false;
  for (const cell of body.querySelectorAll("td[data-column]")) {
    cell.dataset.original = cell.dataset.saved = cell.dataset.value;
    show(cell);
  }
  const first = body.querySelector("td.bad") ?? body.querySelector("td[data-column]");
  if (!first) return;
  take(first, false);
  sayHowMany();

  grid.addEventListener("keydown", onKey);
  grid.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("td[data-column]");
    if (cell) edit(cell);
  });
  grid.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-column]");
    if (!cell || cell === editor?.cell) return;
    if (editor) finish(true);
    if (cell === current) edit(cell);
    else take(cell);
  });
  grid.addEventListener("copy", (event) => {
    if (editor || !current) return;
    event.clipboardData.setData("text/plain", textOf(current.dataset.unsaved ?? current.dataset.value));
    event.preventDefault();
  });
  grid.addEventListener("paste", (event) => {
    if (editor && !event.clipboardData.getData("text/plain").trimEnd().includes("\n")) return;
    if (!current) return;
    event.preventDefault();
    if (editor) finish(false);
    paste(event.clipboardData.getData("text/plain"));
  });
  forAll.addEventListener("click", () => replaceAll(forAll));
  window.addEventListener("beforeunload", (event) => {
    const isTyping = editor && editor.input.value !== editor.cell.dataset.value;
    if (!isLeaving && (isTyping || unsavedCells().length)) event.preventDefault();
  });
  // A form is sent with the version that the last change has left, and not without what was typed.
  document.addEventListener("submit", (event) => {
    const { target, submitter } = event;
    if (!pending.size || !target.elements.version) return;
    event.preventDefault();
    waiting.then(() => unsavedCells().length || target.requestSubmit(submitter));
  });

  // What a cell shows: its text, and what is wrong with it.
  function show(cell) {
    const message = cell.querySelector(".message");
    const text = document.createElement("span");
    text.className = "text";
    const value = cell.dataset.unsaved ?? cell.dataset.value;
    if (value) text.textContent = value.length > 200 ? `${value.slice(0, 200)}…` : value;
    else {
      text.textContent = "blank";
      text.classList.add("none");
    }
    const isUnsaved = cell.dataset.unsaved !== undefined;
    cell.classList.toggle("unsaved", isUnsaved);
    if (isUnsaved) text.append(" ", Object.assign(document.createElement("small"), { textContent: "(not saved)" }));
    cell.replaceChildren(text, ...(message ? [message] : []));
    cell.tabIndex = cell === current ? 0 : -1;
    if (message) {
      cell.setAttribute("aria-invalid", "true");
      cell.setAttribute("aria-describedby", message.id);
    } else {
      cell.removeAttribute("aria-invalid");
      cell.removeAttribute("aria-describedby");
    }
  }

  function take(cell, focus = true) {
    if (current) current.tabIndex = -1;
    current = cell;
    cell.tabIndex = 0;
    if (focus) cell.focus();
  }

  function onKey(event) {
    if (event.isComposing) return;
    const cell = event.target.closest("td[data-column]");
    if (!cell) return;
    if (editor) {
      if (event.key === "Enter" && !event.altKey) {
        event.preventDefault();
        finish(true);
        toBad(event.shiftKey ? -1 : 1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        finish(false);
        take(cell);
      } else if (event.key === "Tab") {
        event.preventDefault();
        finish(true);
        move(0, event.shiftKey ? -1 : 1);
      }
      return;
    }
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key in moves) {
      event.preventDefault();
      const sign = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
      move(moves[event.key][0], moves[event.key][1] * sign);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const row = event.ctrlKey ? rowsWithCells().at(event.key === "Home" ? 0 : -1) : cell.parentElement;
      const cells = cellsOf(row);
      take(cells[event.key === "Home" ? 0 : cells.length - 1]);
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      move(event.key === "PageDown" ? 10 : -10, 0);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      change([{ cell, value: "" }]);
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey)) {
      if (!undone.length) return;
      event.preventDefault();
      undo();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      edit(cell, event.key);
    }
  }

  function cellsOf(row) {
    return [...row.querySelectorAll("td[data-column]")];
  }

  // A row that could not be cut into cells has none that could be mended.
  function rowsWithCells() {
    return [...body.rows].filter((row) => cellsOf(row).length);
  }

  function move(down, right) {
    const rows = rowsWithCells();
    const at = rows.indexOf(current.parentElement);
    const column = cellsOf(current.parentElement).indexOf(current);
    const row = rows[Math.max(0, Math.min(rows.length - 1, at + down))];
    const cells = cellsOf(row);
    take(cells[Math.max(0, Math.min(cells.length - 1, column + right))]);
  }

  // The next cell with an error, behind this one or before it; from the last one to the first.
  function toBad(step) {
    const cells = [...body.querySelectorAll("td[data-column]")];
    const at = cells.indexOf(current);
    for (let n = 1; n < cells.length; n += 1) {
      const cell = cells[(at + step * n + cells.length * n) % cells.length];
      if (cell.classList.contains("bad")) {
        take(cell);
        return;
      }
    }
    take(current);
  }

  function edit(cell, typed) {
    if (editor) finish(true);
    take(cell, "fixed" in cell.dataset);
    if ("fixed" in cell.dataset) return;
    const value = cell.dataset.unsaved ?? cell.dataset.value;
    const input = document.createElement(value.includes("\n") ? "textarea" : "input");
    if (input.tagName === "TEXTAREA") input.className = "short";
    input.value = typed ?? value;
    input.setAttribute("aria-label", `${cell.dataset.column} of row ${cell.parentElement.dataset.row}`);
    const message = cell.querySelector(".message");
    if (message) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", message.id);
    }
    cell.querySelector(".text")?.replaceWith(input);
    editor = { cell, input };
    input.focus();
    if (typed === undefined) input.select?.();
    input.addEventListener("blur", () => {
      if (editor?.input === input) finish(true);
    });
  }

  function finish(keep) {
    const { cell, input } = editor;
    editor = null;
    const value = input.value;
    const before = cell.dataset.value;
    const isUnsaved = cell.dataset.unsaved !== undefined;
    show(cell);
    if (keep && (isUnsaved || value !== before)) change([{ cell, value }]);
  }

  function paste(text) {
    const rows = [...body.rows];
    const at = rows.indexOf(current.parentElement);
    const column = cellsOf(current.parentElement).indexOf(current);
    const changes = [];
    rowsOf(text).slice(0, rows.length - at).forEach((values, down) => {
      const cells = cellsOf(rows[at + down]);
      values.slice(0, Math.max(0, cells.length - column)).forEach((value, right) => {
        const cell = cells[column + right];
        if (cell.dataset.value !== value) changes.push({ cell, value });
      });
    });
    if (changes.length) change(changes);
  }

  function undo() {
    const last = undone.pop();
    change(last.map(([cell, value]) => ({ cell, value })), false);
  }

  // Sends changes one after the other, because each is made on what the one before has left.
  function change(changes, canUndo = true) {
    changes = changes.filter(({ cell }) => !("fixed" in cell.dataset));
    if (!changes.length) return;
    if (canUndo) undone.push(changes.map(({ cell }) => [cell, cell.dataset.value]));
    for (const each of changes) {
      const { cell, value } = each;
      pending.set(cell, each);
      delete cell.dataset.unsaved;
      cell.dataset.value = value;
      cell.classList.add("busy", "changed");
      cell.title = `In the file: ${cell.dataset.original || "blank"}`;
      show(cell);
    }
    offerForAll(changes[0].cell);
    const cells = changes.map(({ cell, value }) => ({
      row: Number(cell.parentElement.dataset.row),
      column: cell.dataset.column,
      value,
    }));
    waiting = waiting.then(() => sendCells(cells, changes));
  }

  async function sendCells(cells, changes) {
    const body_ = { version: Number(grid.dataset.version), of: grid.dataset.of || null, cells };
    let answer;
    try {
      answer = await send(grid.dataset.edits, body_);
    } catch {
      answer = { ok: false, body: { error: "the server does not answer", hint: "what you typed is on this page: try again in a moment" } };
    }
    const last = changes.filter((each) => pending.get(each.cell) === each);
    for (const { cell } of last) {
      pending.delete(cell);
      cell.classList.remove("busy");
    }
    if (!answer.ok) {
      const text = [answer.body.error ?? "that could not be saved", answer.body.hint].filter(Boolean).join(": ");
      status.textContent = text;
      status.className = "grid-says status bad";
      status.append(" ", answer.status === 409 ? buttonOf("Reload", reload) : buttonOf("Save again", saveAgain));
      for (const { cell, value } of last) keepUnsaved(cell, value);
      return;
    }
    setVersion(answer.body.version);
    for (const row of answer.body.rows) showRow(row);
    for (const each of document.querySelectorAll(".when-current")) each.hidden = !answer.body.is_current;
    for (const each of document.querySelectorAll(".when-stale")) each.hidden = answer.body.is_current;
    sayHowMany();
  }

  // What the server did not take stays in its cell, and is sent again when somebody says so.
  function keepUnsaved(cell, value) {
    cell.dataset.unsaved = value;
    cell.dataset.value = cell.dataset.saved;
    if (cell !== editor?.cell) show(cell);
  }

  function saveAgain() {
    change(unsavedCells().map((cell) => ({ cell, value: cell.dataset.unsaved })));
  }

  function unsavedCells() {
    return [...body.querySelectorAll("td[data-unsaved]")];
  }

  function reload() {
    isLeaving = true;
    location.reload();
  }

  function buttonOf(text, onClick) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "small", textContent: text });
    button.addEventListener("click", onClick);
    return button;
  }

  function setVersion(version) {
    grid.dataset.version = version;
    for (const each of document.querySelectorAll('input[name="version"]')) each.value = version;
  }

  function showRow(found) {
    const row = body.querySelector(`tr[data-row="${found.number}"]`);
    if (!row) return;
    for (const cell of cellsOf(row)) {
      const errors = found.errors[cell.dataset.column] ?? [];
      cell.dataset.saved = found.cells[cell.dataset.column] ?? "";
      if (cell !== editor?.cell && !pending.has(cell)) {
        cell.dataset.value = cell.dataset.saved;
        cell.classList.toggle("changed", cell.dataset.value !== cell.dataset.original);
      }
      cell.classList.toggle("bad", errors.length > 0);
      cell.querySelector(".message")?.remove();
      if (errors.length) {
        const place = found.places[cell.dataset.column];
        cell.append(messageOf(errors.join("; ") + (place ? ` ${place}` : ""), "bad", `m-${found.number}-${cell.cellIndex}`));
      }
      if (cell !== editor?.cell) show(cell);
    }
    // What is wrong in columns that are not shown is told beside the number of the row.
    const shown = new Set(cellsOf(row).map((cell) => cell.dataset.column));
    const hidden = Object.entries(found.errors).filter(([column]) => !shown.has(column));
    const others = [...found.others, ...hidden.map(([column, texts]) => `${column} ${texts.join("; ")}`)];
    const isFine = !found.others.length && !Object.keys(found.errors).length;
    const texts = others.map((text) => messageOf(text, "bad"));
    if (!found.is_judged) texts.push(messageOf("changed, judged when all rows are checked again", "warn"));
    else if (isFine) texts.push(messageOf("no error by itself", "good"));
    row.querySelector(".others").replaceChildren(...texts);
  }

  function messageOf(text, kind, id) {
    const message = document.createElement("p");
    message.className = `status ${kind} message`;
    message.textContent = text;
    if (id) message.id = id;
    return message;
  }

  function sayHowMany() {
    const bad = body.querySelectorAll("td.bad").length + body.querySelectorAll(".others .bad").length;
    status.className = "grid-says";
    const unjudged = body.querySelectorAll(".others .warn").length;
    const left = bad === 1 ? "1 error left here" : `${bad.toLocaleString()} errors left here`;
    status.textContent = unjudged ? `${left}; changed, and not judged yet: ${unjudged.toLocaleString()}` : left;
    say(status.textContent);
    if (unsavedCells().length) status.append("; some cells are not saved ", buttonOf("Save again", saveAgain));
  }

  // After a value that many cells have was changed in one, the same for all of them.
  function offerForAll(cell) {
    const same = Number(cell.dataset.same ?? 1);
    const isOffered = same > 1 && cell.dataset.original !== cell.dataset.value;
    forAll.hidden = !isOffered;
    if (!isOffered) return;
    forAll.textContent = `Apply to all ${same.toLocaleString()} cells with this value`;
    Object.assign(forAll.dataset, { column: cell.dataset.column, old: cell.dataset.original, value: cell.dataset.value });
  }

  async function replaceAll({ dataset }) {
    await waiting;
    const fields = { do: "replace", name: dataset.column, old: dataset.old, value: dataset.value };
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    form.submit();
  }
}
