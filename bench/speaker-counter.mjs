import { writeFileSync } from 'node:fs';

// Reads what ExaBGP hands over, a JSON object an UPDATE, and writes down how many destinations were announced.
const [file] = process.argv.slice(2);
let count = 0;
let written = -1;
let rest = '';
process.stdin.setEncoding('latin1');
process.stdin.on('data', (piece) => {
  const text = rest + piece;
  const end = text.lastIndexOf('\n') + 1;
  for (let at = text.indexOf('"nlri"'); at >= 0 && at < end; at = text.indexOf('"nlri"', at + 6)) count++;
  rest = text.slice(end);
});
setInterval(() => {
  if (count !== written) writeFileSync(file, String(count));
  written = count;
}, 100);
process.stdin.on('end', () => process.exit(0));
