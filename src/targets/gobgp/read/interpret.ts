import { parseAddress } from '../../../base/ip.ts';
import type { BgpConfig, DecisionOptions, RouterConfig } from '../../../bgp/config.ts';
import { plainInstance } from '../../../bgp/plain-instance.ts';
import type { PolicyChain } from '../../../bgp/policy/types.ts';
import { gobgp3Profile } from '../decision.ts';
import type { Commanded } from './cli.ts';
import { flagAt, numberAt, type Table, tableAt, tablesAt, textAt } from './decode.ts';
import { type PeerContext, peerGroups, readDynamicNeighbors, readNeighbors } from './peers.ts';
import { readPolicies } from './policies.ts';
import { Reading } from './reading.ts';
import { policyText } from './reload.ts';
import { readSets } from './sets.ts';

/** No bound: GoBGP decodes its maximum-paths fields and does not look at them. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

/** The router that the decoded file and the commands describe, with GoBGP's defaults filled in. */
export function interpret(commanded: Commanded, host: string, reading: Reading): RouterConfig {
  const { file } = commanded;
  const zebra = tableAt(file, 'zebra', 'config');
  const installs = flagAt(zebra, 'enabled');
  if (zebra && installs) {
    const effect = 'GoBGP with zebra tracks next hops and changes MEDs, which is not simulated';
    reading.note(zebra.source, 'zebra', effect, true);
  }
  otherSections(file, reading);
  const bgp = bgpConfig(commanded, reading);
  return {
    name: host,
    profile: gobgp3Profile,
    bgp: reading.stopped ? null : bgp,
    interfaces: [],
    statics: [],
    installsRoutes: installs,
    resolveViaDefault: { 4: true, 6: true },
    kernelPolicy: null,
  };
}

/** Sections that watch or measure are harmless; VRFs hold routes that are not simulated. */
function otherSections(file: Table, reading: Reading): void {
  for (const vrf of tablesAt(file, 'vrfs')) reading.note(vrf.source, 'vrfs', 'VRFs are not simulated', true);
  const global = tableAt(file, 'global', 'config');
  const port = global?.entries.get('port');
  if (port && port.value !== 179 && port.value !== 0) {
    reading.note(port.key, `port = ${port.value}`, 'where gobgpd listens is not simulated', true);
  }
  const selection = tableAt(file, 'global', 'route-selection-options', 'config');
  for (const key of ['advertise-inactive-routes', 'enable-aigp', 'disable-best-path-selection']) {
    const entry = selection?.entries.get(key);
    if (entry?.value === true) reading.note(entry.key, key, 'this way of selecting is not simulated', true);
  }
}

function bgpConfig(commanded: Commanded, reading: Reading): BgpConfig | null {
  const { file, written, asked } = commanded;
  const config = tableAt(file, 'global', 'config');
  const asn = numberAt(config, 'as');
  const routerId = parseAddress(textAt(config, 'router-id'));
  if (!config || asn === 0 || routerId?.family !== 4) {
    const source = config?.entries.get('router-id')?.source ?? config?.source ?? file.source;
    const message =
      'gobgpd does not start BGP without an ASN and a router-id that looks like an IPv4 address';
    reading.refuse(source, message, "Give 'as' and 'router-id' under [global.config].");
    return null;
  }
  const policies = readPolicies(file, readSets(file, reading), reading);
  const context: PeerContext = { asn, policies, groups: peerGroups(file), written, asked, reading };
  const isMultipath = flagAt(tableAt(file, 'global', 'use-multiple-paths', 'config'), 'enabled');
  const width = isMultipath ? UNLIMITED : 1;
  const source = config.entries.get('router-id')?.source;
  return {
    asn,
    routerId,
    ...(source ? { routerIdLine: { source } } : {}),
    clusterId: null,
    confederation: confederation(file),
    policyText: policyText(written),
    decision: decisionOptions(tableAt(file, 'global', 'route-selection-options', 'config')),
    maximumPaths: {
      'ipv4-unicast': { ebgp: width, ibgp: width },
      'ipv6-unicast': { ebgp: width, ibgp: width },
    },
    defaultLocalPreference: 100,
    ...plainInstance,
    listenRanges: readDynamicNeighbors(file, context),
    peers: readNeighbors(file, context),
    originations: originations(commanded, policies.imports),
    aggregates: [],
    source: config.source,
  };
}

/** The import policy sees what is announced here as well (seen on 3.10): as it was when the command ran. */
function originations({ announced, file }: Commanded, imports: PolicyChain): BgpConfig['originations'] {
  const known = new Map([[file, imports]]);
  const importsAt = (at: Table): PolicyChain => {
    const quiet = new Reading();
    const chain = known.get(at) ?? readPolicies(at, readSets(at, quiet), quiet).imports;
    known.set(at, chain);
    return chain;
  };
  return [...announced.values()].map(({ announcement, file: at }) => ({
    ...announcement,
    policies: importsAt(at),
  }));
}

function decisionOptions(table: Table | null): DecisionOptions {
  return {
    alwaysCompareMed: flagAt(table, 'always-compare-med'),
    deterministicMed: false,
    medMissingAsWorst: false,
    medConfed: false,
    asPathIgnore: flagAt(table, 'ignore-as-path-length'),
    asPathConfed: false,
    // GoBGP never asks which ASNs are in the paths it uses together.
    asPathMultipathRelax: true,
    compareRouterId: flagAt(table, 'external-compare-router-id'),
    peerTypeMultipathRelax: false,
  };
}

function confederation(file: Table): BgpConfig['confederation'] {
  const config = tableAt(file, 'global', 'confederation', 'config');
  if (!flagAt(config, 'enabled')) return null;
  const members = config?.entries.get('member-as-list')?.value;
  return {
    identifier: numberAt(config, 'identifier'),
    members: Array.isArray(members) ? members.filter((member) => typeof member === 'number') : [],
  };
}
