import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { FamilyName } from '../../../base/family.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { BgpInstance, Host, Neighbor, PeerGroup } from '../../../model/fabric.ts';
import type { Dialect } from './dialect.ts';
import { dialectOf } from './dialect.ts';
import type { OptionLines } from './neighbor-lines.ts';
import { familyOptions, groupFamilies, sessionOptions } from './neighbor-lines.ts';
import { isRecord } from './raw.ts';

type Report = (message: string, source: SourceRange, fix: string) => void;

const daemonNames = { 'quagga-1.2': 'Quagga 1.2', 'frr-8.4': 'FRR 8.4', 'frr-10': 'FRR 10' } as const;

/** What the daemon of this host cannot express, before anything is rendered. */
export function limits(host: Host): readonly Diagnostic[] {
  const dialect = dialectOf(host.daemon);
  const found: Diagnostic[] = [];
  const report: Report = (message, source, fix) => {
    found.push({
      rule: 'target-limit',
      severity: 'error',
      message: `${host.name}: ${daemonNames[dialect.id]} ${message}`,
      ranges: [source],
      host: host.name,
      fix,
    });
  };
  if (host.bgp) {
    instanceLimits(host.bgp, dialect, report);
    policyLimits(host.bgp, dialect, report);
    if (dialect.id !== 'quagga-1.2') barLimits(host.bgp, report);
    for (const peer of [...host.bgp.peerGroups, ...host.bgp.neighbors]) peerLimits(peer, dialect, report);
    for (const neighbor of host.bgp.neighbors) memberLimits(neighbor, host.bgp, dialect, report);
  }
  for (const route of host.statics) {
    if (route.via && route.interface && route.prefix.family === 4 && !dialect.features.staticViaAndInterface)
      report(
        `cannot bind the IPv4 route ${route.prefix.text} to a gateway and an interface`,
        route.source,
        'Give only `via`.',
      );
  }
  return [...found, ...debugLimits(host, dialect)];
}

function instanceLimits(bgp: BgpInstance, dialect: Dialect, report: Report): void {
  const { features } = dialect;
  const useFrr = 'Use `bgp_daemon: frr`, or leave it out.';
  if (!features.listenRange)
    for (const range of bgp.listenRanges)
      report(
        `has no listen ranges (${range.prefix.text})`,
        range.source,
        'Name the neighbors one by one, or use `bgp_daemon: frr`.',
      );
  if (!features.ebgpRequiresPolicy && bgp.ebgpRequiresPolicy)
    report('cannot demand a policy from eBGP peers', bgp.source, 'Set `bgp_ebgp_requires_policy: false`.');
  for (const aggregate of bgp.aggregates)
    if (aggregate.asSet && aggregate.prefix.family === 6 && !features.ipv6AsSet)
      report(`has no as-set for the IPv6 aggregate ${aggregate.prefix.text}`, aggregate.source, useFrr);
  const most = Math.max(bgp.maximumPaths.ebgp, bgp.maximumPaths.ibgp);
  if (most > features.maximumPathsLimit)
    report(
      `uses at most ${features.maximumPathsLimit} paths, not ${most}`,
      bgp.source,
      `Set \`bgp_maximum_paths: ${features.maximumPathsLimit}\`.`,
    );
}

function policyLimits(bgp: BgpInstance, dialect: Dialect, report: Report): void {
  const { features } = dialect;
  for (const map of bgp.policies.routeMaps) {
    for (const entry of map.entries) {
      const where = `(route-map ${map.name} ${entry.seq})`;
      if (entry.match.sourceProtocol !== null && !features.matchSourceProtocol)
        report(
          `cannot match the source protocol ${where}`,
          entry.source,
          'Attach the route-map to `bgp_redistribute` instead.',
        );
      if (entry.set.nextHop === 'unchanged' && !features.setNextHopUnchanged)
        report(
          `has no \`set ip next-hop unchanged\` ${where}`,
          entry.source,
          'Use `bgp_daemon: frr`, or leave it out.',
        );
      if (/^[+-]/.test(entry.set.localPreference ?? '') && !features.relativeLocalPreference)
        report(
          `only sets an absolute local preference ${where}`,
          entry.source,
          'Give the number without a sign.',
        );
    }
  }
}

/** vtysh hands `| ` on to daemons that take it for the filter of an answer, and drop the line (handle_pipe_action). */
function barLimits({ peerGroups, neighbors, policies }: BgpInstance, report: Report): void {
  const texts = [
    ...[...peerGroups, ...neighbors].map(({ description, source }) => ({ text: description, source })),
    ...policies.routeMaps.flatMap(({ entries }) =>
      entries.map(({ description, source }) => ({ text: description, source })),
    ),
    ...policies.asPathLists.flatMap(({ entries, source }) =>
      entries.map(({ regex }) => ({ text: regex, source })),
    ),
  ];
  for (const { text, source } of texts)
    if (text?.includes('| '))
      report(`drops a line with \`| \` in it (${text})`, source, 'Leave no space behind the bar.');
}

function peerLimits(peer: Neighbor | PeerGroup, dialect: Dialect, report: Report): void {
  const id = 'address' in peer ? peer.address.text : peer.name;
  const { features } = dialect;
  if (peer.asOverride && !features.asOverride)
    report(
      `has no as-override (neighbor ${id})`,
      peer.source,
      'Use `bgp_daemon: frr`, or `allowas_in` at the other end.',
    );
  if (peer.removePrivateAs !== 'no' && peer.removePrivateAs !== 'plain' && !features.removePrivateAsAll)
    report(
      `has no \`remove-private-AS ${peer.removePrivateAs}\` (neighbor ${id})`,
      peer.source,
      'Set `remove_private_as: true`.',
    );
  if (/\s/.test(peer.password ?? ''))
    report(
      `takes a password of one word only (neighbor ${id})`,
      peer.source,
      'Choose one without blanks, at both ends.',
    );
  if (peer.ttlSecurityHops !== null && peer.ebgpMultihop !== null)
    report(
      `refuses ttl-security together with ebgp-multihop (neighbor ${id})`,
      peer.source,
      'Keep one of the two.',
    );
  if ((peer.allowasIn ?? 1) > 10)
    report(
      `allows the own ASN at most 10 times (neighbor ${id})`,
      peer.source,
      'Set `allowas_in: 10` or less.',
    );
  if (
    dialect.id === 'quagga-1.2' &&
    !('address' in peer) &&
    !groupFamilies(peer, dialect).includes('ipv4-unicast')
  )
    report(
      `cannot have a peer group without IPv4 (${id})`,
      peer.source,
      'Put the options on the neighbors themselves.',
    );
}

const memberOnly = 'Say the same on the group and the neighbor, or take the neighbor out of the group.';
/** Quagga 1.2.3 `peer_af_flag_action_list` and "Invalid command. Can't set for peer-group member". */
const quaggaGroupOnly = new Set([
  'local-as',
  'timers',
  'timers connect',
  'route-reflector-client',
  'next-hop-self',
  'remove-private-AS',
  'send-community',
  'default-originate',
  'prefix-list out',
  'route-map out',
  'filter-list out',
]);

/** A member cannot switch off what its group has, and in Quagga not differ in what shapes its updates. */
function memberLimits(neighbor: Neighbor, bgp: BgpInstance, dialect: Dialect, report: Report): void {
  const group = bgp.peerGroups.find((candidate) => candidate.name === neighbor.peerGroup);
  if (!group) return;
  const id = neighbor.address.text;
  if (group.remoteAs !== null && group.remoteAs !== neighbor.remoteAs)
    report(
      `takes the ASN of peer group ${group.name} (${group.remoteAs}) for neighbor ${id}, not ${neighbor.remoteAs}`,
      neighbor.source,
      memberOnly,
    );
  const shared = groupFamilies(group, dialect);
  if (dialect.id === 'quagga-1.2' && !neighbor.families.includes('ipv4-unicast'))
    report(`cannot have ${id} in peer group ${group.name} without IPv4`, neighbor.source, memberOnly);
  const families = neighbor.families.filter((family) => shared.includes(family));
  const pairs: (readonly [OptionLines, OptionLines])[] = [
    [sessionOptions(neighbor, bgp, dialect), sessionOptions(group, bgp, dialect)],
    ...families.map(
      (family: FamilyName) =>
        [familyOptions(neighbor, family, bgp, dialect), familyOptions(group, family, bgp, dialect)] as const,
    ),
  ];
  const said = new Set<string>();
  for (const [own, inherited] of pairs) {
    for (const key of inherited.keys()) {
      if (own.has(key) || said.has(key)) continue;
      said.add(key);
      report(
        `cannot take \`${key}\` of peer group ${group.name} away from neighbor ${id}`,
        neighbor.source,
        memberOnly,
      );
    }
    if (dialect.features.memberOutbound) continue;
    for (const [key, line] of own) {
      if (!quaggaGroupOnly.has(key) || inherited.get(key)?.option === line.option || said.has(key)) continue;
      said.add(key);
      report(
        `refuses \`${line.option}\` on ${id}, a member of peer group ${group.name}`,
        neighbor.source,
        memberOnly,
      );
    }
  }
}

function debugLimits(host: Host, dialect: Dialect): Diagnostic[] {
  const node = host.vars.get('bgp_debug');
  if (dialect.debugNames !== 'frr' || !node || !isRecord(node.value) || node.value['filters'] !== true)
    return [];
  return [
    {
      rule: 'target-limit',
      severity: 'warning',
      message: `${host.name}: ${daemonNames[dialect.id]} has no \`debug bgp filters\`; the switch is left out`,
      ranges: [node.entries?.get('filters')?.key ?? node.source],
      host: host.name,
      fix: 'Remove `filters` from `bgp_debug`.',
    },
  ];
}
