import { parseInterfaceAddress } from '../dist/base/ip.js';
import { readBack } from '../dist/pipeline/read-back.js';
import { prepare, settle } from '../dist/simulator/simulate.js';
import { clos, closEvents, ibgpMesh } from './workloads.mjs';

// One workload at one size in a process of its own: prints what it took, phase by phase, as JSON.
const [workload, size] = process.argv.slice(2);
const count = Number(size);

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
function timed(work) {
  const [before, start] = [cpu(), process.hrtime.bigint()];
  const result = work();
  return { result, cpu: cpu() - before, wall: Number(process.hrtime.bigint() - start) / 1e9 };
}

/** What `readBack` takes, from a host of a workload. */
function* filesOf(hosts) {
  for (const { name, interfaces, text } of hosts) {
    yield {
      name,
      versions: new Map([['frr', '8.4']]),
      interfaces: interfaces.map((one) => ({
        name: one.name,
        addresses: [parseInterfaceAddress(one.address)],
        link: one.link,
        up: true,
      })),
      files: [{ path: 'frr.conf', shown: `${name}/frr.conf`, target: 'frr', text }],
      router: null,
    };
  }
}

const problems = [];
const must = (what, actual, expected) => {
  if (actual !== expected) problems.push(`${what}: ${actual}, expected ${expected}`);
};

const hosts = workload === 'w1' ? ibgpMesh(count) : clos(count);
const reading = timed(() => readBack(filesOf(hosts)));
must('lines not understood', reading.result.lines.filter(({ status }) => status !== 'harmless').length, 0);
must('diagnostics', reading.result.diagnostics.length, 0);
const preparing = timed(() => prepare({ nodes: reading.result.nodes }));
const converging = timed(() => settle(preparing.result));
const state = converging.result;
const { prefixes } = state.families['ipv4-unicast'];
must('prefixes', prefixes.length, count);
must('prefixes without an end', state.inconclusive.length, 0);
const events = prefixes.reduce((sum, one) => sum + one.events, 0);
const installed = prefixes.reduce(
  (sum, one) => sum + one.fib.reduce((n, hops) => n + (hops > 0 ? 1 : 0), 0),
  0,
);
must('events', events, workload === 'w1' ? count * (count - 1) : count * closEvents(count));
must('routes installed', installed, count * (state.network.nodes.length - 1));
console.log(
  JSON.stringify({
    read: reading.cpu,
    prepare: preparing.cpu,
    converge: converging.cpu,
    wall: converging.wall,
    mib: process.resourceUsage().maxRSS / 1024,
    heapMib: process.memoryUsage().heapUsed / 2 ** 20,
    events,
    problems,
  }),
);
