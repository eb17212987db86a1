import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// The peer of `fabricgen render`: writes the same bytes to the same disk and does nothing else. What it writes comes from one
// packed file: a JSON index of [path, length], a line break, then all the bytes.
const [packed, folder] = process.argv.slice(2);
const bytes = readFileSync(packed);
const end = bytes.indexOf(10);
let offset = end + 1;
const made = new Set();
for (const [path, length] of JSON.parse(bytes.subarray(0, end).toString())) {
  const target = join(folder, path);
  const parent = dirname(target);
  if (!made.has(parent)) {
    mkdirSync(parent, { recursive: true });
    made.add(parent);
  }
  writeFileSync(target, bytes.subarray(offset, offset + length));
  offset += length;
}
