import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { BgpInstance, Host, Neighbor, PeerGroup, PeerOptions } from '../../../model/fabric.ts';
import { policyContext } from './policies.ts';

type Report = (message: string, source: SourceRange, fix: string, severity?: 'error' | 'warning') => void;

/** A wish, whether it is made, what GoBGP says to it, and what to do. */
type Wish = readonly [made: boolean, message: string, fix: string, severity?: 'error' | 'warning'];

/** What GoBGP 3 cannot express, before anything is rendered. */
export function limits(host: Host): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const report: Report = (message, source, fix, severity = 'error') => {
    const text = `${host.name}: GoBGP 3 ${message}`;
    found.push({ rule: 'target-limit', severity, message: text, ranges: [source], host: host.name, fix });
  };
  const { bgp } = host;
  for (const route of host.statics) {
    report(
      `has no static routes (${route.prefix.text})`,
      route.source,
      'Set the route outside of fabricgen, or use FRR.',
    );
  }
  const raw = host.vars.get('bgp_raw');
  if (raw)
    report('has no places for raw lines', raw.source, 'Override the template gobgp/gobgp.toml.hbs instead.');
  if (bgp) {
    instanceLimits(bgp, report);
    for (const problem of policyContext(bgp).problems) {
      report(`cannot say it: ${problem.message}`, problem.source, problem.fix);
    }
    const used = new Set(bgp.listenRanges.map(({ peerGroup }) => peerGroup));
    for (const group of bgp.peerGroups) if (used.has(group.name)) groupLimits(bgp, group, report);
    for (const neighbor of bgp.neighbors) neighborLimits(bgp, neighbor, report);
  }
  return found;
}

function instanceLimits(bgp: BgpInstance, report: Report): void {
  const useFrr = 'Use `bgp_daemon: frr`, or leave it out.';
  for (const { from, source } of bgp.redistribute) {
    report(
      `cannot redistribute ${from} routes without zebra`,
      source,
      'List the prefixes under bgp_networks.',
    );
  }
  for (const { prefix, source } of bgp.aggregates)
    report(`has no aggregates (${prefix.text})`, source, useFrr);
  for (const { prefix, routeMap, source } of bgp.networks) {
    if (routeMap === null) continue;
    report(
      `announces ${prefix.text} without asking a route-map (${routeMap})`,
      source,
      'Leave the route-map out.',
    );
  }
  const manyPaths = bgp.maximumPaths.ebgp > 1 || bgp.maximumPaths.ibgp > 1;
  const wishes: readonly Wish[] = [
    [
      bgp.importCheck,
      'announces whatever it is told, without an import check',
      'Set bgp_import_check: false.',
    ],
    [bgp.ebgpRequiresPolicy, 'accepts eBGP routes without a policy', 'Set bgp_ebgp_requires_policy: false.'],
    [bgp.defaultLocalPreference !== 100, 'has a fixed default LOCAL_PREF of 100', 'Set it in a route-map.'],
    [bgp.bestpath.medMissingAsWorst, 'takes a missing MED for 0', 'Leave med_missing_as_worst out.'],
    [bgp.bestpath.deterministicMed, 'has no deterministic MED', 'Leave deterministic_med out.', 'warning'],
    [
      manyPaths && !bgp.bestpath.asPathMultipathRelax,
      'uses paths through different ASNs together, as if as_path_multipath_relax were on',
      'Set bgp_bestpath.as_path_multipath_relax: true, so that the inventory says what happens.',
      'warning',
    ],
  ];
  for (const [made, message, fix, severity] of wishes) if (made) report(message, bgp.source, fix, severity);
}

function groupLimits(bgp: BgpInstance, group: PeerGroup, report: Report): void {
  if (group.remoteAs === null) {
    report(
      `needs the ASN of peer group ${group.name}, which has a listen range`,
      group.source,
      'Give the group an asn.',
    );
  }
  if (group.shutdown)
    report(`cannot shut down peer group ${group.name}`, group.source, 'Remove the listen range.');
  optionLimits(group, `peer group ${group.name}`, group.remoteAs === bgp.asn, group.source, report);
}

function neighborLimits(bgp: BgpInstance, neighbor: Neighbor, report: Report): void {
  const { source, remoteAs, updateSource, localAddress } = neighbor;
  const name = `neighbor ${neighbor.address.text}`;
  if (updateSource !== null && localAddress === null) {
    report(
      `needs an address for the update source ${updateSource} of ${name}`,
      source,
      'Give an address of the host.',
    );
  }
  optionLimits(neighbor, name, remoteAs === (neighbor.localAs?.asn ?? bgp.asn), source, report);
}

function optionLimits(
  options: PeerOptions,
  name: string,
  internal: boolean,
  source: SourceRange,
  report: Report,
): void {
  const { localAs, removePrivateAs } = options;
  const wishes: readonly Wish[] = [
    [!options.sendCommunity, 'always sends communities', 'Leave send_community on.'],
    [options.weight !== null, 'has no weight', 'Set local_preference in a route-map.'],
    [
      options.defaultOriginate,
      'cannot originate a default route for one peer',
      'List 0.0.0.0/0 under bgp_networks.',
    ],
    [
      localAs !== null && !(localAs.noPrepend && localAs.replaceAs),
      'sends only the local_as, never both ASNs',
      'Add no_prepend and replace_as to local_as.',
    ],
    [
      removePrivateAs === 'plain',
      'removes every private ASN or none',
      'Use remove_private_as: all, or all replace-AS.',
    ],
    [removePrivateAs !== 'no' && internal, 'does not start with remove_private_as on iBGP', 'Leave it out.'],
    [options.asOverride && internal, 'does not start with as_override on iBGP', 'Leave it out.'],
    [
      options.asOverride && !internal,
      'with as_override leaves withdrawn routes at the peer',
      'Use allowas_in at the other end instead.',
      'warning',
    ],
    [
      options.ebgpMultihop !== null && !internal && options.ttlSecurityHops !== null,
      'does not start with both ebgp_multihop and ttl_security',
      'Remove one of the two.',
    ],
  ];
  for (const [made, message, fix, severity] of wishes) {
    if (made) report(`${message} (${name})`, source, fix, severity);
  }
}
