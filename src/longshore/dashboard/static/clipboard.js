// Cells as spreadsheets have them on the clipboard: tabs between them, a line end behind each row.
// Excel and Google Sheets quote a cell only where a tab or a line end stands in it, and double the
// quotes only of these. Every other cell stands as it is, also one that begins with a quote
// (issue 1139 of jspreadsheet/ce shows what Excel copies, issue 358 of mholt/PapaParse Google Sheets).
const QUOTED = /"([^"]*(?:""[^"]*)*)"(?=[\t\n]|$)/y;
const PLAIN = /[^\t\n]*/y;

// The rows of a text, each the texts of its cells.
export function rowsOf(text) {
  text = text.replace(/\r\n?/g, "\n");
  const rows = [[]];
  let at = 0;
  for (;;) {
    QUOTED.lastIndex = PLAIN.lastIndex = at;
    const quoted = QUOTED.exec(text);
    const isQuoted = quoted && /[\t\n]/.test(quoted[1]);
    const [found] = isQuoted ? quoted : PLAIN.exec(text);
    rows.at(-1).push(isQuoted ? quoted[1].replaceAll('""', '"') : found);
    at += found.length;
    const end = text[at];
    at += 1;
    if (end === undefined || (end === "\n" && at === text.length)) return rows;
    if (end === "\n") rows.push([]);
  }
}

// The text of one cell, as `rowsOf` and spreadsheets read it.
export function textOf(cell) {
  return /[\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
