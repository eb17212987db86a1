import { type CarriedFamily, carriedFamilies } from '../../../base/family.ts';
import { parseAddress } from '../../../base/ip.ts';
import type { PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import type { Policy } from '../../../bgp/policy/types.ts';
import type { CarriedDraft, PeerDraft } from './draft.ts';
import type { Reading } from './reading.ts';

/** `address-family` lines of families that are not simulated and whose routes a speaker passes on. */
const families: ReadonlyMap<string, CarriedFamily> = new Map([
  ['l2vpn evpn', 'l2vpn-evpn'],
  ['ipv4 flowspec', 'ipv4-flowspec'],
  ['ipv6 flowspec', 'ipv6-flowspec'],
  ['ipv4 vpn', 'l3vpn-ipv4-unicast'],
  ['ipv6 vpn', 'l3vpn-ipv6-unicast'],
  ['ipv4 labeled-unicast', 'ipv4-labelled-unicast'],
  ['ipv6 labeled-unicast', 'ipv6-labelled-unicast'],
]);

/** Does the line begin such a family? */
export function beginsCarried(line: string): boolean {
  return familyOf(line) !== undefined;
}

function familyOf(line: string): CarriedFamily | undefined {
  return families.get(line.trim().split(/\s+/).slice(1).join(' '));
}

/** Of a line in such a family: who takes part in it, and how; false: the line says something else. It is reported as not simulated all the same. */
export function noteCarried(reading: Reading, words: readonly string[]): boolean {
  const family = familyOf(reading.skipped?.head ?? '');
  const negated = words[0] === 'no';
  const [neighbor, id = '', option = '', ...values] = negated ? words.slice(1) : words;
  if (!family || neighbor !== 'neighbor' || !reading.draft.router) return false;
  const { peers, groups } = reading.router;
  const name = parseAddress(id)?.text ?? id;
  const peer = peers.get(name) ?? groups.get(name);
  if (!peer) return false;
  const change = changeOf(option, values, negated);
  if (!change) return false;
  peer.carried ??= {};
  peer.carried[family] = { ...peer.carried[family], ...change };
  return true;
}

function changeOf(option: string, values: readonly string[], negated: boolean): CarriedDraft | null {
  switch (option) {
    case 'activate':
      return { activate: !negated };
    case 'route-reflector-client':
      return { routeReflectorClient: !negated };
    case 'route-server-client':
      return { routeServerClient: !negated };
    case 'allowas-in':
      return { allowasIn: negated ? 0 : Number(values[0] ?? 3) };
    case 'addpath-tx-all-paths':
      return { addPathSend: negated ? 'none' : 'all' };
    case 'addpath-tx-bestpath-per-AS':
      return { addPathSend: negated ? 'none' : 'best-per-as' };
    case 'maximum-prefix':
      return { maximumPrefix: negated ? null : Number(values[0]) };
    case 'route-map':
    case 'prefix-list':
    case 'filter-list':
    case 'distribute-list':
      return { [values[1] === 'in' ? 'policyIn' : 'policyOut']: negated ? null : (values[0] ?? '') };
    default:
      return null;
  }
}

/** The families a neighbor is activated for, with what it has from its group. */
export function carriedConfig(
  draft: PeerDraft,
  group: PeerDraft | null,
): Partial<Record<CarriedFamily, PeerFamilyConfig>> | null {
  const found = carriedFamilies.flatMap((family) => {
    const merged = { ...group?.carried?.[family], ...draft.carried?.[family] };
    return merged.activate ? [[family, familyConfig(merged)] as const] : [];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

function familyConfig(draft: CarriedDraft): PeerFamilyConfig {
  return {
    importPolicy: policyOf(draft.policyIn),
    exportPolicy: policyOf(draft.policyOut),
    nextHopSelf: 'no',
    nextHopUnchanged: true,
    attributeUnchanged: { asPath: false, nextHop: true, med: false },
    routeReflectorClient: draft.routeReflectorClient ?? false,
    routeServerClient: draft.routeServerClient ?? false,
    allowasIn: draft.allowasIn ?? 0,
    asOverride: false,
    removePrivateAs: null,
    sendCommunity: { standard: true, extended: true, large: true },
    weight: null,
    maximumPrefix: draft.maximumPrefix ?? null,
    defaultOriginate: null,
    addPathSend: draft.addPathSend ?? 'none',
    addPathReceive: false,
  };
}

/** A policy that nobody can ask lets nothing pass. */
function policyOf(name: string | null | undefined): readonly Policy[] {
  return name == null ? [] : [{ name, kind: '', statements: [], otherwise: 'reject', source: null }];
}
