import { keySourceAt } from '../../base/source.ts';
import type { DaemonKind, Docker, Host } from '../../model/fabric.ts';
import { placeOf, type RuleContext } from './context.ts';
import type { Finding, Rule } from './rule.ts';

interface DockerHost extends Host {
  readonly docker: Docker;
}

function dockerHosts(context: RuleContext): DockerHost[] {
  return context.hosts.filter((host): host is DockerHost => host.docker !== null);
}

function announcesBip(host: Host): boolean {
  return host.bgp?.networks.some((network) => network.reason === 'bip') ?? false;
}

function* masquerading(context: RuleContext): Iterable<Finding> {
  for (const host of dockerHosts(context)) {
    if (!host.docker.ipMasq || !announcesBip(host)) continue;
    const inert = host.docker.iptables === false;
    yield {
      host,
      severity: inert ? 'info' : 'warning',
      message: inert
        ? `${host.name} has docker_ip_masq, but docker_iptables: false switches masquerading off too`
        : `${host.name} announces its containers and yet hides them: docker_ip_masq replaces their address by that of the host`,
      at: placeOf(host, 'docker_ip_masq'),
      found: 'docker_ip_masq: true',
      expected: 'docker_ip_masq: false where containers are routed',
      fix: 'remove docker_ip_masq, or set bgp_announce_bip: false if NAT is meant',
      shared: `masq ${inert}`,
    };
  }
}

const swarmKeys = [
  'swarm-default-advertise-addr',
  'node-generic-resources',
  'cluster-advertise',
  'cluster-store',
];

function* liveRestoreWithSwarm(context: RuleContext): Iterable<Finding> {
  for (const host of dockerHosts(context)) {
    const { liveRestore, options } = host.docker;
    const key = swarmKeys.find((name) => options[name] !== undefined);
    if (liveRestore !== true || key === undefined) continue;
    const node = host.vars.get('docker_options');
    yield {
      host,
      message: `${host.name} has docker_live_restore and the swarm option ${key}; a swarm node refuses live restore`,
      at: placeOf(host, 'docker_live_restore'),
      ...(node ? { related: [{ ...keySourceAt(node, [key]), note: 'the swarm option' }] } : {}),
      found: 'docker_live_restore: true',
      expected: 'one of the two',
      fix: 'remove docker_live_restore on swarm nodes',
      shared: 'swarm',
    };
  }
}

function* largeMtu(context: RuleContext): Iterable<Finding> {
  for (const host of dockerHosts(context)) {
    const { mtu } = host.docker;
    const small = host.interfaces.find(
      (one) => one.name !== 'lo' && one.mtu !== null && mtu !== null && one.mtu < mtu,
    );
    if (mtu === null || !small) continue;
    yield {
      host,
      message: `${host.name} has docker_mtu ${mtu}, more than the ${small.mtu} of ${small.name}`,
      at: placeOf(host, 'docker_mtu'),
      related: [{ ...small.source, note: `${small.name} of ${host.name}` }],
      found: String(mtu),
      expected: `at most ${small.mtu}`,
      fix: `set docker_mtu to ${small.mtu}: large packets of containers would be fragmented or lost on ${small.name}`,
    };
  }
}

function* forwardingOff(context: RuleContext): Iterable<Finding> {
  for (const host of context.hosts) {
    if (host.daemon.kind === 'external') continue;
    const off = host.sysctls.find(
      ([name, value]) =>
        value === '0' && (name === 'net.ipv4.ip_forward' || name === 'net.ipv6.conf.all.forwarding'),
    );
    const links = host.interfaces.filter((one) => one.segment !== null).length;
    if (!off || (!announcesBip(host) && !(host.bgp && links > 1))) continue;
    yield {
      host,
      message: `${host.name} routes for others but has ${off[0]}=0, so it drops what passes through`,
      at: placeOf(host, 'net_sysctls', off[0]),
      found: `${off[0]}=0`,
      expected: `${off[0]}=1`,
      fix: 'remove it from net_sysctls; Docker, finding forwarding off, would also set the FORWARD chain to DROP',
      shared: off[0],
    };
  }
}

function* unequalMtu(context: RuleContext): Iterable<Finding> {
  for (const segment of context.fabric.segments) {
    const stated = segment.members.flatMap((member) => {
      const host = context.host(member.host);
      const one = host?.interfaces.find((candidate) => candidate.name === member.interface);
      return host && one && one.mtu !== null ? [{ host, one, mtu: one.mtu }] : [];
    });
    const [first] = stated;
    const other = stated.find((candidate) => candidate.mtu !== first?.mtu);
    if (!first || !other) continue;
    yield {
      host: other.host,
      message: `${other.host.name} ${other.one.name} has MTU ${other.mtu}, ${first.host.name} ${first.one.name} on the same segment ${first.mtu}`,
      at: other.one.source,
      related: [{ ...first.one.source, note: `${first.host.name} ${first.one.name}` }],
      found: String(other.mtu),
      expected: 'one MTU per segment',
      fix: 'write the same mtu on all interfaces of the segment: large UPDATEs stall a session on a link with two',
    };
  }
}

/** Daemons whose routes stay their own: GoBGP needs a zebra beside it, and none is written; ExaBGP never installs any. */
const installsNothing: ReadonlyMap<DaemonKind, string> = new Map([
  ['gobgp', 'GoBGP'],
  ['exabgp', 'ExaBGP'],
]);

/** The interface with a network that the host announces and no other host is on (pods behind a bridge); null: none, or the loopback. */
function announcedInterface(host: Host, shared: ReadonlySet<string>): string | null {
  const announced = new Set(host.bgp?.networks.map(({ prefix }) => prefix.text));
  const one = host.interfaces.find(
    ({ name, segment, addresses }) =>
      name !== 'lo' &&
      !(segment !== null && shared.has(segment)) &&
      addresses.some(({ network }) => announced.has(network.text)),
  );
  return one?.name ?? null;
}

function* withoutRoutes(context: RuleContext): Iterable<Finding> {
  const shared = new Set(
    context.fabric.segments.filter(({ members }) => members.length > 1).map(({ name }) => name),
  );
  for (const host of context.hosts) {
    const name = installsNothing.get(host.daemon.kind);
    if (name === undefined || host.bgp === null) continue;
    const behind = host.docker ? null : announcedInterface(host, shared);
    if (!host.docker && behind === null) continue;
    const what = host.docker ? 'runs containers and' : `announces the network behind ${behind} and runs`;
    yield {
      host,
      message: `${host.name} ${what} ${name}, which installs no routes: what it learns is not in the kernel, and packets to other networks have no way`,
      at: placeOf(host, 'bgp_daemon'),
      found: `bgp_daemon: ${host.daemon.kind}`,
      expected: 'a daemon that installs routes',
      fix: 'use frr or quagga here; where the host has a default route from elsewhere, leave the rule out and say so',
      shared: `no routes ${name}`,
    };
  }
}

export const dockerRules: readonly Rule[] = [
  { id: 'docker-masquerading', severity: 'warning', check: masquerading },
  { id: 'docker-swarm-live-restore', severity: 'warning', check: liveRestoreWithSwarm },
  { id: 'docker-no-routes', severity: 'warning', check: withoutRoutes },
  { id: 'docker-mtu', severity: 'warning', check: largeMtu },
  { id: 'forwarding-off', severity: 'error', check: forwardingOff },
  { id: 'mtu-mismatch', severity: 'warning', check: unequalMtu },
];
