import type { BgpInstance, Host } from '../../../model/fabric.ts';
import type { FilePlan } from '../../target.ts';
import { groupContext, neighborContext, type PeerContext } from './peers.ts';
import { type PolicyContext, policyContext } from './policies.ts';
import { quoted } from './toml-values.ts';

const managed = 'This file is managed by fabricgen: changes made here are lost with the next rollout.';

/** What gobgp.toml.hbs prints; texts in it are TOML already. */
export interface GobgpContext extends PolicyContext {
  readonly managed: string;
  readonly hostname: string;
  readonly asn: number;
  readonly routerId: string;
  readonly alwaysCompareMed: boolean;
  readonly ignoreAsPathLength: boolean;
  readonly externalCompareRouterId: boolean;
  readonly multipath: boolean;
  readonly maximumPaths: { readonly ebgp: number; readonly ibgp: number };
  readonly peerGroups: readonly PeerContext[];
  readonly dynamicNeighbors: readonly { readonly prefix: string; readonly peerGroup: string }[];
  readonly neighbors: readonly PeerContext[];
}

/** The files of a GoBGP host: what gobgpd starts from, what is announced once it runs, and kernel settings. */
export function gobgpFiles(host: Host): readonly FilePlan[] {
  const { bgp } = host;
  return [...(bgp ? [tomlPlan(host, bgp), announcementsPlan(bgp)] : []), ...sysctlPlan(host)];
}

function tomlPlan(host: Host, bgp: BgpInstance): FilePlan {
  const secret = [...bgp.neighbors, ...bgp.peerGroups].some(({ password }) => password !== null);
  return {
    path: 'gobgp.toml',
    template: 'gobgp/gobgp.toml.hbs',
    context: { ...gobgpContext(host, bgp) },
    destination: '/etc/gobgpd.conf',
    owner: 'root:root',
    mode: secret ? '0640' : '0644',
    check: 'gobgpd -d -f {file}',
    // gobgpd takes neighbors and policies over on SIGHUP, and keeps what was announced.
    apply: 'systemctl kill --signal=HUP gobgpd',
  };
}

function gobgpContext(host: Host, bgp: BgpInstance): GobgpContext {
  const used = new Set(bgp.listenRanges.map(({ peerGroup }) => peerGroup));
  return {
    managed,
    hostname: host.name,
    asn: bgp.asn,
    routerId: quoted(bgp.routerId.text),
    alwaysCompareMed: bgp.bestpath.alwaysCompareMed,
    ignoreAsPathLength: bgp.bestpath.asPathIgnore,
    externalCompareRouterId: bgp.bestpath.compareRouterId,
    multipath: bgp.maximumPaths.ebgp > 1 || bgp.maximumPaths.ibgp > 1,
    maximumPaths: bgp.maximumPaths,
    // Neighbors carry all of their options themselves: a group's peer-as would override theirs. Groups are for the ranges.
    peerGroups: bgp.peerGroups.filter(({ name }) => used.has(name)).map((group) => groupContext(bgp, group)),
    dynamicNeighbors: bgp.listenRanges.map(({ prefix, peerGroup }) => ({
      prefix: quoted(prefix.text),
      peerGroup: quoted(peerGroup),
    })),
    neighbors: bgp.neighbors.map((neighbor) => neighborContext(bgp, neighbor)),
    ...policyContext(bgp).context,
  };
}

/** GoBGP announces nothing from its file: one command line for each prefix, with the ORIGIN that `network` gives elsewhere. */
function announcementsPlan(bgp: BgpInstance): FilePlan {
  const destination = '/etc/gobgp-cli.txt';
  return {
    path: 'gobgp-cli.txt',
    template: 'gobgp/gobgp-cli.txt.hbs',
    context: {
      managed,
      announcements: bgp.networks.map(({ prefix }) => ({
        family: prefix.family === 4 ? 'ipv4' : 'ipv6',
        prefix: prefix.text,
      })),
    },
    destination,
    owner: 'root:root',
    mode: '0644',
    check: 'sh -n {file}',
    apply: `sh ${destination}`,
  };
}

function sysctlPlan(host: Host): readonly FilePlan[] {
  if (host.sysctls.length === 0) return [];
  const destination = '/etc/sysctl.d/90-fabricgen.conf';
  return [
    {
      path: '90-fabricgen.conf',
      template: 'gobgp/90-fabricgen.conf.hbs',
      context: { managed, sysctls: host.sysctls.map(([name, value]) => ({ name, value })) },
      destination,
      owner: 'root:root',
      mode: '0644',
      check: null,
      apply: `sysctl -p ${destination}`,
    },
  ];
}
