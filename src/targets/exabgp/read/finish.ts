import { type Address, type Prefix, parseAddress, parsePrefix } from '../../../base/ip.ts';
import type { SourceRange } from '../../../base/source.ts';
import { type Draft, inherit, type Setting } from './draft.ts';
import type { FileState } from './file.ts';
import { familyWords } from './neighbor-sections.ts';
import type { Reading } from './reading.ts';
import type { Change } from './routes.ts';
import type { Section } from './sections.ts';
import type { Word } from './tokens.ts';

/** A neighbor with what it inherits and what ExaBGP fills in. */
export interface FinishedNeighbor {
  /** One address, or a range of callers. */
  readonly peer: Prefix;
  readonly localAddress: Address;
  /** What its connections come from and where it listens: `md5-ip`, else the local address. */
  readonly bound: Address;
  readonly routerId: Address;
  readonly localAs: number;
  readonly peerAs: number;
  /** As ExaBGP names them: `ipv4 unicast`; all it knows where the file lists none. */
  readonly families: ReadonlySet<string>;
  readonly settings: ReadonlyMap<string, Setting>;
  readonly capability: ReadonlyMap<string, Setting>;
  readonly addPathFamilies: ReadonlySet<string>;
  /** RFC 8950 as the file lists it: `ipv4 unicast ipv6`. */
  readonly nextHops: ReadonlySet<string>;
  readonly processes: readonly Word[];
  readonly changes: readonly Change[];
  readonly source: SourceRange;
}

const everyFamily: readonly string[] = [
  ...Object.entries(familyWords).flatMap(([family, kinds]) => kinds.map((kind) => `${family} ${kind}`)),
  'ipv6 multicast',
];

/** ParseNeighbor.post: templates, defaults, and what makes ExaBGP refuse the neighbor; null: refused. */
export function finishNeighbor(
  draft: Draft,
  own: readonly Change[],
  { source }: Section,
  state: FileState,
): FinishedNeighbor | null {
  const { reading } = state;
  bringTemplates(draft, state);
  const ends = readEnds(draft, source, reading);
  if (!ends) return null;
  const listed = [...(draft.families?.values() ?? [])].flatMap((list) => list.map(({ name }) => name));
  const families = new Set(listed.length > 0 ? listed : everyFamily);
  // Routes of templates are announced whatever they were; see `Change.announced`.
  const inherited = (draft.routes ?? []).map((one) => ({ ...one, announced: true }));
  const changes = [...own, ...inherited];
  if (!carries(changes, families, reading)) return null;
  const addPaths = [...(draft.addPaths?.values() ?? [])].flatMap((list) => list.map(({ name }) => name));
  return {
    ...ends,
    families,
    settings: draft.settings,
    capability: draft.capability ?? new Map(),
    addPathFamilies: new Set(draft.addPaths && addPaths.length > 0 ? addPaths : families),
    nextHops: new Set([...(draft.nextHops?.values() ?? [])].flatMap((list) => list.map(({ name }) => name))),
    processes: [...(draft.apis?.values() ?? [])].flat(),
    changes,
    source,
  };
}

function bringTemplates(draft: Draft, { templates, reading }: FileState): void {
  for (const { text, source } of draft.inherit) {
    const template = templates.get(text);
    if (!template) {
      const message = `exabgp inherits nothing: there is no template '${text}' above this line`;
      reading.undefinedName(source, message, text, templates.keys());
      continue;
    }
    const clash = inherit(template, draft);
    if (clash) {
      const message = `what the template '${text}' leaves open (auto, disable) the neighbor gives, and the two cannot be joined`;
      reading.refuse(clash.source, message, 'Give the value in one of the two places only.');
    }
  }
}

type Ends = Pick<
  FinishedNeighbor,
  'peer' | 'localAddress' | 'bound' | 'routerId' | 'localAs' | 'peerAs' | 'source'
>;

function readEnds({ settings }: Draft, source: SourceRange, reading: Reading): Ends | null {
  const value = (name: string) => settings.get(name)?.value ?? null;
  const missing = ['peer-address', 'local-address', 'local-as', 'peer-as'].find(
    (name) => value(name) === null,
  );
  if (missing !== undefined) {
    return reading.refuse(source, `the neighbor has no ${missing}`, `Add ${missing} (auto is not enough).`);
  }
  const peer = parsePrefix(String(value('peer-address')));
  const localAddress = parseAddress(String(value('local-address')));
  if (!peer || !localAddress) return null;
  const single = peer.length === (peer.family === 4 ? 32 : 128);
  const routerId = parseAddress(String(value('router-id') ?? (peer.family === 4 ? localAddress.text : '')));
  if (!routerId) {
    return reading.refuse(source, 'a neighbor with an IPv6 address needs a router-id', 'Add router-id.');
  }
  if (localAddress.family !== peer.family) {
    const place = settings.get('local-address')?.source ?? source;
    return reading.refuse(
      place,
      'local-address and the neighbor are of different families',
      'Give one of the same.',
    );
  }
  if (!single && value('passive') !== true) {
    return reading.refuse(source, 'a range of neighbors has to be passive', 'Add passive true.');
  }
  if (peer.family === 4 && single && value('passive') !== true && !isOneAddress(reading)) return null;
  const bound = parseAddress(String(value('md5-ip') ?? localAddress.text)) ?? localAddress;
  const [localAs, peerAs] = [Number(value('local-as')), Number(value('peer-as'))];
  return { peer, localAddress, bound, routerId, localAs, peerAs, source };
}

/** Is an IPv4 address still one to ExaBGP by the end of its neighbor? See `Reading.sixOf32`. */
function isOneAddress(reading: Reading): boolean {
  if (!reading.sixOf32) return true;
  const message =
    'behind an IPv6 network of length 32 an IPv4 neighbor is taken for a range that is not passive';
  const fix = 'Announce it from a neighbor with an IPv6 address, or put a /32 of IPv4 behind it.';
  reading.refuse(reading.sixOf32, message, fix);
  return false;
}

/** A route of a family that the neighbor does not list is refused; IPv4 unicast is only left out. */
function carries(changes: readonly Change[], families: ReadonlySet<string>, reading: Reading): boolean {
  let all = true;
  for (const { prefix, family, kind, source } of changes) {
    const name = `ipv${family} ${kind}`;
    if (families.has(name)) continue;
    if (name === 'ipv4 unicast') {
      reading.diagnostics.push({
        rule: 'not-announced',
        severity: 'warning',
        message: `${prefix.text} is not announced: the neighbor does not list the family ${name}`,
        ranges: [source],
        found: prefix.text,
        fix: `List ${name} under family, or remove the route.`,
      });
      continue;
    }
    all = false;
    reading.refuse(
      source,
      `${prefix.text} is of the family ${name}, which the neighbor does not list`,
      'Add the family.',
    );
  }
  return all;
}
