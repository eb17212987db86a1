import { formatSource } from '../../base/source.ts';
import type { Neighbor } from '../../model/fabric.ts';
import { canMeet } from '../../model/session-verdict.ts';
import { isEbgp, neighborText, placeOf, type RuleContext, type Speaker } from './context.ts';
import { isConnected } from './origination.ts';
import type { Finding, Rule } from './rule.ts';

function* allPeers(context: RuleContext): Iterable<{ host: Speaker; neighbor: Neighbor; ebgp: boolean }> {
  for (const host of context.ours) {
    for (const neighbor of host.bgp.neighbors) yield { host, neighbor, ebgp: isEbgp(host, neighbor) };
  }
}

function* ttlWithMultihop(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor } of allPeers(context)) {
    if (neighbor.ttlSecurityHops === null || neighbor.ebgpMultihop === null) continue;
    yield {
      host,
      message: `${host.name} has ttl_security and ebgp_multihop with ${neighborText(neighbor)}; daemons take only one of them`,
      at: neighbor.source,
      found: `ttl_security: ${neighbor.ttlSecurityHops}, ebgp_multihop: ${neighbor.ebgpMultihop}`,
      expected: 'one of the two',
      fix: 'keep ttl_security with the number of hops: it allows the distance and checks it',
      shared: formatSource(neighbor.source),
    };
  }
}

/** Seen on FRR 8.4.4: bgpd refuses each of these lines, and `vtysh -C` does not notice. */
function* wrongSessionType(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor, ebgp } of allPeers(context)) {
    const wrong = ebgp
      ? [...(neighbor.routeReflectorClient ? ['route_reflector_client'] : [])]
      : [
          ...(neighbor.removePrivateAs === 'no' ? [] : ['remove_private_as']),
          ...(neighbor.asOverride ? ['as_override'] : []),
        ];
    const own = host.bgp.asn;
    for (const option of wrong) {
      yield {
        host,
        message: `${host.name} has ${option} towards ${neighborText(neighbor)}, but the session is ${ebgp ? `eBGP (AS ${own} and AS ${neighbor.remoteAs})` : `iBGP (both AS ${own})`}, where daemons refuse it`,
        at: neighbor.source,
        found: `${option} on ${ebgp ? 'eBGP' : 'iBGP'}`,
        expected: `${option} on ${ebgp ? 'iBGP' : 'eBGP'} sessions only`,
        fix: `remove ${option}, or correct the ASN of one end`,
        shared: `${option} ${formatSource(neighbor.source)}`,
      };
    }
  }
}

function* localAs(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor } of allPeers(context)) {
    const { localAs: pretended, remoteAs } = neighbor;
    const { asn } = host.bgp;
    if (!pretended || (pretended.asn !== asn && remoteAs !== asn)) continue;
    yield {
      host,
      message:
        pretended.asn === asn
          ? `${host.name} has local_as ${asn} towards ${neighborText(neighbor)}, which is its own bgp_asn anyway`
          : `${host.name} has local_as ${pretended.asn} towards ${neighborText(neighbor)} of its own AS ${asn}; local_as is for eBGP only`,
      at: neighbor.source,
      found: `local_as: ${pretended.asn}`,
      expected: 'another number than bgp_asn, on an eBGP session',
      fix: 'remove local_as: FRR refuses the line and the session keeps the own ASN',
      shared: formatSource(neighbor.source),
    };
  }
}

function* notConnected(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor, ebgp } of allPeers(context)) {
    const allowed =
      neighbor.ebgpMultihop !== null || neighbor.ttlSecurityHops !== null || neighbor.disableConnectedCheck;
    if (!ebgp || allowed || isConnected(host, neighbor.address) || neighbor.localAddress === null) continue;
    yield {
      host,
      message: `${host.name} has the eBGP neighbor ${neighborText(neighbor)} on none of its links, and may not reach it: eBGP packets have TTL 1`,
      at: neighbor.source,
      found: 'neither ebgp_multihop nor ttl_security nor disable_connected_check',
      expected: 'a neighbor on a common link, or one of them',
      fix: 'use the address of the common link, or add ebgp_multihop: 2 (disable_connected_check: true between loopbacks of direct neighbors)',
      shared: formatSource(neighbor.source),
    };
  }
}

function* needlessMultihop(context: RuleContext): Iterable<Finding> {
  for (const { host, neighbor, ebgp } of allPeers(context)) {
    if (!ebgp || neighbor.ebgpMultihop === null || neighbor.ttlSecurityHops !== null) continue;
    if (!isConnected(host, neighbor.address)) continue;
    yield {
      host,
      message: `${host.name} has ebgp_multihop towards ${neighborText(neighbor)}, which is on a direct link`,
      at: neighbor.source,
      found: `ebgp_multihop: ${neighbor.ebgpMultihop}`,
      expected: 'sessions over direct links without it (RFC 7938)',
      fix: 'remove ebgp_multihop: with it the session survives the loss of the link until hold runs out',
      shared: formatSource(neighbor.source),
    };
  }
}

function* timers(context: RuleContext): Iterable<Finding> {
  for (const host of context.ours) {
    const stated = [
      { of: host.bgp.timers, at: placeOf(host, 'bgp_timers'), who: '' },
      ...host.bgp.neighbors.flatMap((one) =>
        one.timers ? [{ of: one.timers, at: one.source, who: ` with ${neighborText(one)}` }] : [],
      ),
    ];
    for (const { of, at, who } of stated) {
      const off = of.hold === 0;
      // Where not even one fits, session-timers says so.
      if (!off && (of.keepalive * 3 <= of.hold || !canMeet(of))) continue;
      yield {
        host,
        message: off
          ? `${host.name} has hold 0${who}: a dead peer is never noticed, and its routes stay`
          : `${host.name} has keepalive ${of.keepalive} and hold ${of.hold}${who}: fewer than three KEEPALIVEs fit, so one lost packet may end the session`,
        at,
        found: `keepalive ${of.keepalive}, hold ${of.hold}`,
        expected: 'a hold of three times keepalive or more (RFC 4271, section 10)',
        fix: off
          ? 'set hold to 9 or more'
          : `set keepalive to ${Math.max(1, Math.floor(of.hold / 3))}, or hold to ${of.keepalive * 3}`,
        shared: `${formatSource(at)} ${of.keepalive} ${of.hold}`,
      };
    }
  }
}

export const peerOptionRules: readonly Rule[] = [
  { id: 'ttl-security-multihop', severity: 'error', check: ttlWithMultihop },
  { id: 'option-session-type', severity: 'error', check: wrongSessionType },
  { id: 'local-as', severity: 'error', check: localAs },
  { id: 'ebgp-not-connected', severity: 'error', check: notConnected },
  { id: 'ebgp-multihop-needless', severity: 'info', check: needlessMultihop },
  { id: 'timers-ratio', severity: 'warning', check: timers },
];
