import { benchAnsible } from './ansible.mjs';
import { benchConfigs } from './configs.mjs';
import { benchConverge } from './converge.mjs';
import { benchDiff } from './diff.mjs';
import { benchLab } from './lab.mjs';
import { benchRender } from './render.mjs';
import { benchSimulate } from './simulate.mjs';
import { benchSpeaker } from './speaker.mjs';

const benches = {
  render: benchRender,
  ansible: benchAnsible,
  simulate: benchSimulate,
  diff: benchDiff,
  configs: benchConfigs,
  w1: (sizes) => benchConverge('w1', sizes),
  w2: (sizes) => benchConverge('w2', sizes),
  w3: (sizes) => benchConverge('w3', sizes),
  w4: (sizes) => benchConverge('w4', sizes),
  w5: (sizes) => benchConverge('w5', sizes),
  speaker: benchSpeaker,
  lab: benchLab,
};

// Names of benchmarks, each followed by sizes where others than the usual ones are wanted: w1 500 w2 1000 5000.
const asked = [];
for (const word of process.argv.slice(2)) {
  const last = asked.at(-1);
  if (last && /^[1-9][0-9]*$/.test(word)) last.sizes.push(Number(word));
  else asked.push({ name: word, sizes: [] });
}
const unknown = asked.filter(({ name }) => !(name in benches));
if (unknown.length > 0) {
  console.error(
    `bench: no such benchmark: ${unknown.map(({ name }) => name).join(', ')}; there are ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}
const all = Object.keys(benches).map((name) => ({ name, sizes: [] }));
for (const { name, sizes } of asked.length > 0 ? asked : all) benches[name](sizes);
