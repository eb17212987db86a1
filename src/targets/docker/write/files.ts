import type { Docker, Host } from '../../../model/fabric.ts';
import type { FilePlan } from '../../target.ts';
import { isAtLeast } from '../keys.ts';

/** The one file of a host with Docker. */
export function dockerFiles(host: Host): readonly FilePlan[] {
  const { docker } = host;
  if (!docker) return [];
  return [
    {
      path: 'daemon.json',
      template: null,
      context: daemonJson(docker),
      destination: '/etc/docker/daemon.json',
      owner: 'root:root',
      mode: '0644',
      // Older engines have no way to look at a file without starting from it.
      check: isAtLeast(docker.version, '23') ? 'dockerd --validate --config-file {file}' : null,
      apply: 'systemctl restart docker',
    },
  ];
}

/** What is about the network in a fixed order, then the free keys by name; a key without value is left out. */
function daemonJson(docker: Docker): string {
  const pools = docker.defaultAddressPools.map(({ base, size }) => ({ base: base.text, size }));
  const keys: readonly (readonly [string, unknown])[] = [
    ['bip', docker.bip?.text],
    ['bip6', docker.bip6?.text],
    ['fixed-cidr', docker.fixedCidr?.text],
    ['fixed-cidr-v6', docker.fixedCidrV6?.text],
    ['ipv6', docker.ipv6],
    ['ip-masq', docker.ipMasq],
    ['ip-forward', docker.ipForward],
    ['iptables', docker.iptables],
    ['ip6tables', docker.ip6tables],
    ['mtu', docker.mtu],
    ['default-address-pools', pools.length > 0 ? pools : null],
    ['live-restore', docker.liveRestore],
    ...Object.entries(docker.options).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  const written = keys.filter(([, value]) => value !== null && value !== undefined);
  return `${JSON.stringify(Object.fromEntries(written), sorted, 2)}\n`;
}

/** Sorts the keys of what is inside a value; the order at the top is the caller's. */
function sorted(this: unknown, key: string, value: unknown): unknown {
  if (key === '' || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
