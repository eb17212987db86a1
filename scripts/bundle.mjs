import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// The command as one file, with the packages it uses, in place of the bin.js that tsc wrote: to find and read some 500 small
// modules one by one takes longer than everything else that a small run does. The library (dist/index.js) stays as tsc wrote it.
const root = fileURLToPath(new URL('..', import.meta.url));
const [outfile = join(root, 'dist/cli/bin.js')] = process.argv.slice(2);

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/bin.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // Of the two forms in which jsonc-parser comes, its ES modules are the one that can be bundled.
  mainFields: ['module', 'main'],
  // CommonJS packages ask for Node's modules by require(), which an ES module has to make for itself.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(join(dirname(outfile), 'bin.licenses.txt'), licenses(Object.keys(metafile.inputs)));

/** What the licenses of the packages in the bundle ask to be kept with it. */
function licenses(inputs) {
  const packages = inputs.flatMap((path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(packages)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const texts = readdirSync(join(root, folder))
        .filter((file) => /^(?:licen[cs]e|notice)/i.test(file))
        .map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
      return `${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}
