import type { Address } from '../../base/ip.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { PeerTable } from '../../bgp/peer-table.ts';
import type { Speaker } from './identity.ts';
import { isExternal } from './open.ts';
import { createPlainSides, kindOfSide, type PlainSides } from './plain-sides.ts';
import { connectedInterface, dial, type Ground, type Onward, type Walk, walkOn } from './transport.ts';

/**
 * What comes of the calls of routers with many neighbours, router by router. Whoever goes through all pairs of a full mesh asks each
 * router about one neighbour after another, a thousand routers in turn; what one router is asked about lies together here.
 */
export interface Calls {
  readonly ground: Ground;
  readonly speakers: readonly (Speaker | null)[];
  readonly tables: readonly (PeerTable | null)[];
  /** By node: the number of its first neighbour among all. */
  readonly first: Int32Array;
  /** By number of the neighbour, see `pack`; 0: nothing is known here. */
  readonly known: Int32Array;
  /** How many neighbours a router has at least whose calls are known here. */
  readonly many: number;
  /** By node: its neighbours have been looked at. */
  readonly laid: Uint8Array;
  /** By node: the addresses it calls from. */
  readonly sources: Address[][];
  readonly onward: Onward;
  readonly sides: PlainSides;
}

/** A call that arrives, over other routers. */
export interface Call {
  /** The node that has the address. */
  readonly target: number;
  readonly hops: number;
  readonly source: Address;
}

/** Routers with fewer neighbours are asked one by one. */
export const MANY = 32;

export function createCalls(
  ground: Ground,
  speakers: readonly (Speaker | null)[],
  tables: readonly (PeerTable | null)[],
  first: Int32Array,
  many: number,
): Calls {
  return {
    ...{ ground, speakers, tables, first, many },
    known: new Int32Array(first.at(-1) ?? 0),
    sides: createPlainSides(first.at(-1) ?? 0, tables.length),
    laid: new Uint8Array(tables.length),
    sources: tables.map(() => []),
    onward: remembered(ground),
  };
}

/** The way from a router on to an address is asked for by everybody who comes past. */
function remembered(ground: Ground): Onward {
  const byNode: (Map<Address, Walk | string> | undefined)[] = [];
  return (node, address) => {
    let known = byNode[node];
    if (!known) {
      known = new Map();
      byNode[node] = known;
    }
    let walked = known.get(address);
    if (walked === undefined) {
      walked = walkOn(ground, node, address);
      known.set(address, walked);
    }
    return walked;
  };
}

const TARGET_BITS = 18;
const HOPS_BITS = 6;
const SOURCE_BITS = 4;

/** From the lowest bit: known; it also arrives from an address of its own choice; source, hops and target. 0: it does not fit. */
function pack(target: number, hops: number, source: number, answers: boolean): number {
  if (target >> TARGET_BITS !== 0 || hops >> HOPS_BITS !== 0 || source >> SOURCE_BITS !== 0) return 0;
  return (((((target << HOPS_BITS) | hops) << SOURCE_BITS) | source) << 2) | (answers ? 2 : 0) | 1;
}

/** The call of a node to its neighbour in a place of its table; null: more is to be asked (`dial`). */
export function callOf(calls: Calls, node: number, place: number): Call | null {
  const packed = knownOf(calls, node, place);
  if (packed === 0) return null;
  const hops = packed >> (2 + SOURCE_BITS);
  const source = calls.sources[node]?.[(packed >> 2) & ((1 << SOURCE_BITS) - 1)];
  return source ? { target: hops >> HOPS_BITS, hops: hops & ((1 << HOPS_BITS) - 1), source } : null;
}

/** Does what the node sends its neighbour arrive, whatever address it is configured to call from? false: not, or not known. */
export function answersArrive(calls: Calls, node: number, place: number): boolean {
  return (knownOf(calls, node, place) & 2) !== 0;
}

function knownOf(calls: Calls, node: number, place: number): number {
  if (place < 0) return 0;
  if (calls.laid[node] !== 1) lay(calls, node);
  return calls.known[(calls.first[node] ?? 0) + place] ?? 0;
}

/** Looks at all neighbours of a node. */
function lay(calls: Calls, node: number): void {
  const [speaker, table] = [calls.speakers[node], calls.tables[node]];
  calls.laid[node] = 1;
  if (!speaker || !table || table.count < calls.many || table.ambiguous()) return;
  const start = calls.first[node] ?? 0;
  let [last, kind]: [PeerConfig | null, number] = [null, 0];
  for (let place = 0; place < table.count; place++) {
    const address = table.address(place);
    const config = table.shared(place);
    if (!address || config.shutdown) continue;
    calls.known[start + place] = look(calls, speaker, config, address);
    if (address.family !== 4) continue;
    if (config !== last) kind = kindOfSide(calls.sides, speaker, config);
    last = config;
    calls.sides.kinds[start + place] = kind;
    calls.sides.addresses[start + place] = Number(address.value);
  }
}

function look(calls: Calls, speaker: Speaker, config: PeerConfig, address: Address): number {
  const { ground, onward } = calls;
  if (connectedInterface(ground, speaker.node, address)) return 0;
  const external = isExternal(speaker, config);
  const attempt = dial(ground, speaker.node, config, address, external, onward);
  if ('problem' in attempt) return 0;
  const answers =
    config.updateSource === null ||
    !('problem' in dial(ground, speaker.node, { ...config, updateSource: null }, address, external, onward));
  return pack(attempt.target.node, attempt.hops, numberOf(calls, speaker.node, attempt.source), answers);
}

function numberOf({ sources }: Calls, node: number, source: Address): number {
  const own = sources[node] ?? [];
  const found = own.indexOf(source);
  return found >= 0 ? found : own.push(source) - 1;
}
