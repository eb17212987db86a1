import { parseInterfaceAddress } from '../dist/base/ip.js';
import { compileLater } from '../dist/cli/compiling.js';
import { readBack } from '../dist/pipeline/read-back.js';
import { prepare, settle } from '../dist/simulator/simulate.js';
import { advance } from '../dist/simulator/timeline/advance.js';
import {
  clos,
  closEvents,
  HOSTS_PER_RACK,
  ibgpMesh,
  range,
  SPINES,
  TORS_PER_RACK,
  withoutNetwork,
} from './workloads.mjs';

// As the command does.
compileLater();

// One workload at one size in a process of its own: prints what each phase took, and what was not as it has to be, as JSON.
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
function fileOf({ name, interfaces, text }) {
  return {
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

function* filesOf(hosts) {
  for (const host of hosts) yield fileOf(host);
}

const problems = [];
const must = (what, actual, expected) => {
  if (actual !== expected) problems.push(`${what}: ${actual}, expected ${expected}`);
};
const prefixesOf = (state) => state.families['ipv4-unicast'].prefixes;
const eventsOf = (state) => prefixesOf(state).reduce((sum, one) => sum + one.events, 0);
function installed(state) {
  let count = 0;
  for (const { fib } of prefixesOf(state))
    for (let node = 0; node < fib.length; node++) if (fib.at(node) > 0) count++;
  return count;
}

/** All sessions of the first ToR of a rack. */
const ofTor = (rack, kind) => [
  ...range(SPINES).map((spine) => ({ kind, between: [`tor${rack * TORS_PER_RACK}`, `spine${spine}`] })),
  ...range(HOSTS_PER_RACK).map((host) => ({
    kind,
    between: [`tor${rack * TORS_PER_RACK}`, `host${rack * HOSTS_PER_RACK + host}`],
  })),
];

/** What happens to the converged fabric, how many routes are installed then, and what is tried beside it: from the converged fabric, or after the change. */
const changes = {
  w3: ({ network: { nodes } }) => ({
    changes: ofTor(0, 'session-down'),
    routes: count * (nodes.length - 2),
    beside: { 'another ToR': ofTor(1, 'session-down'), 'w3c, one link': { kind: 'link-down', link: 'h0' } },
    // As a sweep over all failures does, whose code has been compiled by then.
    sweep: range(10).map((rack) => ofTor(2 + rack, 'session-down')),
    afterwards: { 'w3b, all back': ofTor(0, 'session-up') },
  }),
  w4: ({ network: { nodes } }) => ({
    changes: { kind: 'files', host: 'host0', node: readBack([fileOf(withoutNetwork(count))]).nodes[0] },
    routes: (count - 1) * (nodes.length - 1),
  }),
  w5: ({ network: { nodes } }) => ({
    changes: { kind: 'host-down', host: 'host0' },
    routes: (count - 1) * (nodes.length - 2),
    beside: {
      'another host': { kind: 'host-down', host: 'host30' },
      'a third': { kind: 'host-down', host: 'host60' },
    },
  }),
};

const hosts = workload === 'w1' ? ibgpMesh(count) : clos(count);
const reading = timed(() => readBack(filesOf(hosts)));
must('lines not understood', reading.result.lines.filter(({ status }) => status !== 'harmless').length, 0);
must('diagnostics', reading.result.diagnostics.length, 0);
const preparing = timed(() => prepare({ nodes: reading.result.nodes }));
const converging = timed(() => settle(preparing.result));
const state = converging.result;
must('prefixes', prefixesOf(state).length, count);
must('prefixes without an end', state.inconclusive.length, 0);
must('events', eventsOf(state), workload === 'w1' ? count * (count - 1) : count * closEvents(count));
must('routes installed', installed(state), count * (state.network.nodes.length - 1));
const events = eventsOf(state);

let change = null;
if (workload in changes) {
  const wanted = changes[workload](state);
  const changing = timed(() => advance(state, wanted.changes, 1));
  must('routes installed afterwards', installed(changing.result), wanted.routes);
  must('prefixes without an end afterwards', changing.result.inconclusive.length, 0);
  change = { cpu: changing.cpu, wall: changing.wall, events: eventsOf(changing.result), others: [] };
  const tryFrom = (from, seconds, others = {}) => {
    for (const [name, one] of Object.entries(others)) {
      const { cpu, wall } = timed(() => advance(from, one, seconds));
      change.others.push({ name, cpu, wall });
    }
  };
  tryFrom(state, 1, wanted.beside);
  if (wanted.sweep) {
    const all = timed(() => wanted.sweep.map((one) => advance(state, one, 1).inconclusive.length));
    must('sweep without an end', Math.max(...all.result), 0);
    const each = wanted.sweep.length;
    change.others.push({ name: `${each} more ToRs, each`, cpu: all.cpu / each, wall: all.wall / each });
  }
  tryFrom(changing.result, 30, wanted.afterwards);
}
console.log(
  JSON.stringify({
    read: reading.cpu,
    prepare: preparing.cpu,
    converge: converging.cpu,
    wall: converging.wall,
    mib: process.resourceUsage().maxRSS / 1024,
    events,
    change,
    problems,
  }),
);
