import {
  before,
  blocks,
  drop,
  type Edit,
  type Editor,
  instead,
  type Lines,
  otherNumber,
  perLine,
} from './edits.ts';
import type { Random } from './random.ts';
import { mapMatches, mapSets, pool } from './random-policy.ts';

const FILE = 'frr.conf';

/** Lines that can go by themselves. */
const loose =
  /^ {2}neighbor \S+ (?!activate)|^ {2}no neighbor|^ {2}network |^ {2}redistribute|^ {2}aggregate-address|^ {2}maximum-paths|^ (?:set|match|call|on-match|continue) |^ bgp (?:bestpath|always|default|determ|cluster|route-refl)|^ no bgp (?:network|client)|^ neighbor \S+ (?:shutdown|solo|ebgp-multihop)|^ip (?:prefix-list|route) |^bgp (?:as-path|community-list|large)|^access-list/;

/** What may change in an frr.conf of the generator. */
export const editFrr: Editor = (random, files) => {
  const lines = files[FILE] ?? [];
  const neighbors = addressesOf(lines);
  return [
    perLine(files, FILE, (line) => (loose.test(line) ? drop : null)),
    perLine(files, FILE, (line) => (loose.test(line) ? drop : null)),
    perLine(files, FILE, (line) =>
      /^ set (?:local-preference|metric|weight) \d+$|weight \d+$/.test(line)
        ? instead(otherNumber(random, line))
        : null,
    ),
    perLine(files, FILE, (line) => otherVerdict(line)),
    own(random, files),
    perLine(files, FILE, (line) => (isFamily(line) ? familyOption(random, neighbors, lines) : null)),
    perLine(files, FILE, (line) => (/^ neighbor \S+ remote-as/.test(line) ? general(random, line) : null)),
    inMaps(random, files),
    perLine(files, FILE, (line) =>
      / no bgp ebgp-requires-policy$/.test(line) ? before(random.pick(knobs)) : null,
    ),
    perLine(files, FILE, (line) => prefixEntry(random, line)),
    blocks(files, FILE, /^route-map /, { line: /^!$/, own: true }),
  ];
};

const knobs = [
  ' bgp bestpath as-path multipath-relax',
  ' bgp bestpath med missing-as-worst',
  ' bgp bestpath as-path ignore',
  ' bgp default local-preference 130',
  ' no bgp network import-check',
  ' bgp deterministic-med',
  ' bgp always-compare-med',
];

function addressesOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /^ neighbor (\d\S+) remote-as/.exec(line)?.[1] ?? []);
}

function mapsOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /^route-map (\S+) /.exec(line)?.[1] ?? []);
}

function isFamily(line: string): boolean {
  return line === ' address-family ipv4 unicast';
}

/** A list or an entry of a route-map that lets through what it kept back, or the other way round. */
function otherVerdict(line: string) {
  if (!/^(?:route-map|ip prefix-list|access-list|bgp )/.test(line)) return null;
  const other = line.replace(/ (permit|deny) /, (_, word) => (word === 'permit' ? ' deny ' : ' permit '));
  return other === line ? null : instead(other);
}

/** Routes of its own. */
function own(random: Random, files: Lines): readonly Edit[] {
  const lines = [
    `  network ${random.pick(pool)}`,
    `  network ${random.pick(pool)}`,
    `  redistribute ${random.pick(['static', 'connected'])}`,
    ...mapsOf(files[FILE] ?? [])
      .slice(0, 1)
      .map((name) => `  network ${random.pick(pool)} route-map ${name}`),
    `  aggregate-address ${random.pick(['10.1.0.0/16', '10.0.0.0/8'])}${random.pick(['', ' summary-only'])}`,
    `  maximum-paths ${random.int(1, 4)}`,
  ];
  return [
    ...perLine(files, FILE, (line) =>
      line === ' exit-address-family' ? before(random.pick(lines)) : null,
    ).slice(0, 1),
    ...perLine(files, FILE, (line) =>
      line.startsWith('hostname') ? before(`ip route ${random.pick(pool)} blackhole`) : null,
    ),
  ];
}

/** An option of a neighbor, in front of those it has: a line further down may say otherwise. */
function familyOption(random: Random, neighbors: readonly string[], lines: readonly string[]) {
  if (neighbors.length === 0) return null;
  const maps = mapsOf(lines);
  const words = [
    'next-hop-self',
    'next-hop-self force',
    'soft-reconfiguration inbound',
    'allowas-in 1',
    'as-override',
    'remove-private-AS all',
    `weight ${random.int(1, 90)}`,
    `maximum-prefix ${random.int(1, 9)}`,
    `maximum-prefix ${random.int(1, 9)} warning-only`,
    'default-originate',
    'attribute-unchanged med',
    `prefix-list ${random.pick(['PA', 'PB'])} ${random.pick(['in', 'out'])}`,
    `filter-list AA ${random.pick(['in', 'out'])}`,
    ...(maps.length > 0 ? [`route-map ${random.pick(maps)} ${random.pick(['in', 'out'])}`] : []),
    ...(maps.length > 0 ? [`route-map ${random.pick(maps)} ${random.pick(['in', 'out'])}`] : []),
  ];
  return {
    gone: 1,
    come: [' address-family ipv4 unicast', `  neighbor ${random.pick(neighbors)} ${random.pick(words)}`],
  };
}

function general(random: Random, line: string) {
  const [, address = ''] = /^ neighbor (\S+)/.exec(line) ?? [];
  const words = ['shutdown', 'shutdown', 'timers connect 5', 'timers 10 30', 'solo', 'description other end'];
  return instead(line, ` neighbor ${address} ${random.pick(words)}`);
}

/** Another condition or action in an entry, another entry before the first. */
function inMaps(random: Random, files: Lines): readonly Edit[] {
  return perLine(files, FILE, (line) => {
    const [, name = '', verdict = '', seq = ''] = /^route-map (\S+) (permit|deny) (\d+)$/.exec(line) ?? [];
    if (name === '') return null;
    const match = withoutCrash(` ${random.pick(mapMatches(random))}`);
    const set = ` ${random.pick(mapSets(random))}`;
    if (seq === '10' && random.chance(0.4)) {
      const another = random.pick(['permit', 'permit', 'deny']);
      const head = `route-map ${name} ${another} ${random.int(1, 9)}`;
      return before(head, match, ...(another === 'permit' ? [set] : []), 'exit', '!');
    }
    return instead(line, verdict === 'permit' && random.chance(0.7) ? set : match);
  });
}

function prefixEntry(random: Random, line: string) {
  const [, name = '', seq = ''] = /^ip prefix-list (\S+) seq (\d+) /.exec(line) ?? [];
  if (name === '') return null;
  const verdict = random.pick(['permit', 'deny']);
  return before(
    `ip prefix-list ${name} seq ${Number(seq) - random.int(1, 4)} ${verdict} ${random.pick(pool)}`,
  );
}

/** bgpd 8.4 refuses this value, and crashes where frr-reload says the line again. */
function withoutCrash(line: string): string {
  return line.replace('match metric 0', 'match metric 30');
}

/** Timers of which a moment's tables do not hang on whether the time is over. */
export function hastyFrr(random: Random, files: Lines): Lines {
  const quick = random.chance(0.5);
  const lines = (files[FILE] ?? []).map(withoutCrash).flatMap((line) => {
    const [, address] = /^ neighbor ([\da-f]\S*[.:]\S*) remote-as/.exec(line) ?? [];
    if (address && quick) return [line, ` neighbor ${address} timers connect 5`];
    return line.startsWith(' bgp router-id ') ? [line, ' timers bgp 10 30'] : [line];
  });
  return { ...files, [FILE]: lines };
}
