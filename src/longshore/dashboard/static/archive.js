// Makes one archive of several files, of which the server makes an import group. Nothing is packed or
// copied: the archive is a Blob that refers to the files, so it may have gigabytes. The same files give
// the same bytes, also as `chosen_files.py` makes them, so an upload that was cut goes on with them.
const BYTES_MAX = 0xffffffff; // beyond it an archive is written otherwise
const FILES_MAX = 0xffff;
const NAME_MAX = 200;
const DATE = 0x21; // 1 January 1980, the first that an archive knows
const MODE = 0o600 << 16;

const crcs = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte >>> 0;
});

// Throws an Error with a sentence for files that make no archive.
export async function archived(chosen, { signal, onRead }) {
  const files = [...chosen].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const twice = files.find((file, index) => index && file.name === files[index - 1].name);
  if (twice) throw new Error(`Two of the files are called ${twice.name}.`);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length >= FILES_MAX || total > BYTES_MAX - 1024 * files.length) {
    throw new Error("Several files may have 4 GB together. Put them into a zip, which may be larger.");
  }
  const pieces = [];
  const list = [];
  let [offset, listBytes, read] = [0, 0, 0];
  for (const file of files) {
    const crc = await checked(file, signal, (bytes) => onRead((read += bytes), total));
    const name = new TextEncoder().encode(file.name);
    const flags = name.length === file.name.length ? 0 : 0x800; // the name is UTF-8
    const about = [[20, 2], [flags, 2], [0, 2], [0, 2], [DATE, 2], [crc, 4], [file.size, 4], [file.size, 4], [name.length, 2], [0, 2]];
    const head = bytes([[0x04034b50, 4], ...about]);
    pieces.push(head, name, file);
    const entry = bytes([[0x02014b50, 4], [20, 2], ...about, [0, 2], [0, 2], [0, 2], [MODE, 4], [offset, 4]]);
    list.push(entry, name);
    offset += head.length + name.length + file.size;
    listBytes += entry.length + name.length;
  }
  const count = files.length;
  const end = bytes([[0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [listBytes, 4], [offset, 4], [0, 2]]);
  const first = [...files[0].name].slice(0, NAME_MAX).join("");
  return new File([...pieces, ...list, end], `${first} and ${count - 1} more.zip`);
}

async function checked(file, signal, onBytes) {
  let crc = 0xffffffff;
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Error(`${file.name} cannot be read. Folders are not taken; choose the files in them.`);
    });
    signal.throwIfAborted();
    if (done) return ~crc >>> 0;
    for (let index = 0; index < value.length; index++) crc = crcs[(crc ^ value[index]) & 0xff] ^ (crc >>> 8);
    onBytes(value.length);
  }
}

// Numbers, each with how many bytes it takes, the lowest byte first.
function bytes(numbers) {
  const made = new DataView(new ArrayBuffer(numbers.reduce((sum, [, length]) => sum + length, 0)));
  let at = 0;
  for (const [value, length] of numbers) {
    if (length === 2) made.setUint16(at, value, true);
    else made.setUint32(at, value, true);
    at += length;
  }
  return new Uint8Array(made.buffer);
}
