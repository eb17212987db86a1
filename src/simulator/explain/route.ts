import { type FamilyName, familyOf } from '../../base/family.ts';
import { type Address, addressOf, contains, hostPrefix, type Prefix, prefixOf } from '../../base/ip.ts';
import { nameOf } from '../checks/names.ts';
import { destinationOf, type RouteProtocol, routeAt } from '../forwarding/destination.ts';
import { holdPrefix } from '../result/hosts.ts';
import type { FamilyState, SimulationState } from '../state.ts';
import { answerHere, answerMissing } from './answer.ts';
import type { Cause } from './cause.ts';
import { explainKernel } from './kernel.ts';
import { chainTo, type Way, waysTo } from './missing.ts';
import { idleAt } from './origins.ts';
import { explainPrefix, type PrefixExplanation } from './prefix.ts';

/** The answer to `fabricgen explain HOST PREFIX|ADDRESS`; printed as JSON it is version 1 of an API: fields are added, never changed. */
export interface RouteExplanation extends PrefixExplanation {
  readonly version: 1;
  readonly host: string;
  readonly family: FamilyName;
  /** For an address: the longest prefix in the fabric that fits, or the longest the host has a route for. */
  readonly prefix: string;
  /** Has the host a route for the prefix, by BGP or otherwise? */
  readonly present: boolean;
  /** One sentence. */
  readonly answer: string;
  /** What made the difference, with its line; null: no line did. */
  readonly cause: Cause | null;
  /** The hosts through which the best path came, from who made it to this one; empty where there is none. */
  readonly chain: readonly string[];
  /** For a missing route: every way on which it could have come, and what stopped it there. */
  readonly ways: readonly Way[];
  /** What packets for the prefix follow instead where it is missing; null: nothing. */
  readonly instead: {
    readonly prefix: string;
    readonly protocol: RouteProtocol;
    readonly via: readonly string[];
  } | null;
  /** For an address: longer prefixes that fit and that only others have. */
  readonly longer: readonly {
    readonly prefix: string;
    readonly answer: string;
    readonly cause: Cause | null;
  }[];
  /** Where nobody knows the prefix: those that hold it or lie in it. */
  readonly related: readonly string[];
  /** The prefix goes round in circles: the tables are those of one moment. */
  readonly unsettled: boolean;
}

/** Explains one prefix, or for an address the prefix that decides about it; null where there is no such host. */
export function explainRoute(
  state: SimulationState,
  host: string,
  asked: Prefix | Address,
): RouteExplanation | null {
  const node = state.wiring.indexOf.get(host);
  if (node === undefined) return null;
  if ('length' in asked) return explainExact(state, node, asked);
  const known = knownPrefixes(state, asked);
  const decided = known.map((prefix) => explainExact(state, node, prefix));
  const at = decided.findIndex(({ present }) => present);
  const { byText } = state.families[familyOf(asked.family)];
  // A default route that others have in their kernels, and nobody announces, is no answer for one that has none.
  const told = decided.find(({ prefix }) => byText.has(prefix) || !/\/0$/.test(prefix));
  const found = at < 0 ? told : decided[at];
  if (!found) return explainUnknown(state, node, asked);
  const longer = decided
    .slice(0, Math.max(0, at))
    .map(({ prefix, answer, cause }) => ({ prefix, answer, cause }));
  return { ...found, longer };
}

/** An address that nothing in the fabric covers. */
function explainUnknown(state: SimulationState, node: number, asked: Address): RouteExplanation {
  const prefix = hostPrefix(asked);
  const told = explainExact(state, node, prefix);
  return { ...told, answer: told.answer.replace(prefix.text, asked.text) };
}

/** Prefixes anywhere in the fabric that hold the address, longest first. */
function knownPrefixes(state: SimulationState, address: Address): readonly Prefix[] {
  const family = state.families[familyOf(address.family)];
  const lengths = new Set([...family.lengths, ...state.kernel.lengths[address.family]]);
  return [...lengths]
    .sort((a, b) => b - a)
    .map((length) => prefixOf(address.family, address.value, length))
    .filter(({ text }) => family.byText.has(text) || state.kernel.byPrefix.has(text));
}

function explainExact(state: SimulationState, node: number, prefix: Prefix): RouteExplanation {
  const host = nameOf(state, node);
  const family = familyOf(prefix.family);
  const familyState = state.families[family];
  const kept = familyState.byText.get(prefix.text) ?? null;
  const here =
    explainPrefix(state, host, family, prefix.text) ?? withoutBgp(state, familyState, node, prefix);
  if (kept) holdPrefix(state, familyState, kept);
  const best = here.paths.some((path) => path.best);
  const present = best || here.kernel.protocol !== '';
  const ways = present ? [] : waysTo(state, familyState, prefix, kept !== null, node);
  const related = kept || present ? [] : relatedPrefixes(familyState, prefix);
  const place = { state, node, prefix, here };
  return {
    version: 1,
    host,
    family,
    prefix: prefix.text,
    present,
    ...(present ? answerHere(place) : answerMissing(place, ways, related)),
    chain: best ? chainTo(familyState.engine, node).map((one) => nameOf(state, one)) : [],
    ways,
    instead: present ? null : insteadOf(state, node, prefix),
    longer: [],
    related,
    unsettled: kept?.oscillation != null,
    ...here,
  };
}

function withoutBgp(
  state: SimulationState,
  familyState: FamilyState,
  node: number,
  prefix: Prefix,
): PrefixExplanation {
  return {
    paths: [],
    kernel: explainKernel(state, familyState, null, node, prefix.text),
    received: [],
    advertised: [],
    notOriginated: state.routers[node] ? idleAt(state, familyState, node, prefix) : [],
  };
}

function insteadOf(state: SimulationState, node: number, prefix: Prefix): RouteExplanation['instead'] {
  const destination = destinationOf(state, addressOf(prefix.family, prefix.value));
  const route = routeAt(destination, node, prefix.length);
  if (!route) return null;
  const via = route.hops.map((hop) => hop.gateway?.text ?? hop.interface);
  return { prefix: route.prefix.text, protocol: route.protocol, via };
}

const MAX_RELATED = 8;

function relatedPrefixes({ prefixes }: FamilyState, wanted: Prefix): readonly string[] {
  return prefixes
    .filter(({ prefix }) => prefix.length > 0 && (contains(prefix, wanted) || contains(wanted, prefix)))
    .slice(0, MAX_RELATED)
    .map(({ prefix }) => prefix.text);
}
