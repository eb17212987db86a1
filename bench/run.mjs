import { benchAnsible } from './ansible.mjs';
import { benchRender } from './render.mjs';
import { benchSimulate } from './simulate.mjs';

const benches = { render: benchRender, ansible: benchAnsible, simulate: benchSimulate };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(
    `bench: no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(benches)) benches[name]();
