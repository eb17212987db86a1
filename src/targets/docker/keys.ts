/**
 * The keys of daemon.json, as facts about dockerd: name, kind of value, first and first-no-longer version. Taken from the flags
 * and config fields of moby/moby at v20.10.24, v23.0, v24.0, v25.0, v26.0, v27.x, v28.x and v29.0 (cmd/dockerd, daemon/config);
 * the lab test puts each key before the installed dockerd.
 */
export type KeyKind =
  | 'text'
  | 'flag'
  | 'number'
  | 'size'
  | 'texts'
  /** Values are texts. */
  | 'options'
  | 'flags'
  | 'object'
  | 'objects';

export interface KeyFact {
  readonly kind: KeyKind;
  readonly since: string;
  /** First version that refuses it; null: still known. */
  readonly until: string | null;
  /** SIGHUP takes a change of it over; every other key needs a restart (daemon/reload.go). */
  readonly reloads: boolean;
}

const first = '20.10';
const known = (kind: KeyKind, since = first, until: string | null = null): KeyFact => ({
  kind,
  since,
  until,
  reloads: false,
});
const reloaded = (kind: KeyKind, until: string | null = null): KeyFact => ({
  ...known(kind, first, until),
  reloads: true,
});

export const dockerKeys: Readonly<Record<string, KeyFact>> = {
  'allow-direct-routing': known('flag', '28.2'),
  'allow-nondistributable-artifacts': reloaded('texts', '29'),
  'api-cors-header': known('text', first, '29'),
  'authorization-plugins': reloaded('texts'),
  bip: known('text'),
  bip6: known('text', '28'),
  bridge: known('text'),
  'bridge-accept-fwmark': known('text', '29'),
  builder: known('object'),
  'cdi-spec-dirs': known('texts', '25'),
  'cgroup-parent': known('text'),
  'cluster-advertise': known('text', first, '24'),
  'cluster-store': known('text', first, '24'),
  'cluster-store-opts': known('options', first, '24'),
  containerd: known('text'),
  'containerd-namespace': known('text'),
  'cpu-rt-period': known('number'),
  'cpu-rt-runtime': known('number'),
  'data-root': known('text'),
  debug: reloaded('flag'),
  'default-address-pools': known('objects'),
  'default-cgroupns-mode': reloaded('text'),
  'default-gateway': known('text'),
  'default-gateway-v6': known('text'),
  'default-ipc-mode': reloaded('text'),
  'default-network-opts': known('object', '24'),
  'default-runtime': reloaded('text'),
  'default-shm-size': reloaded('size'),
  'default-ulimits': known('object'),
  dns: known('texts'),
  'dns-opts': known('texts'),
  'dns-search': known('texts'),
  'exec-opts': known('texts'),
  'exec-root': known('text'),
  experimental: known('flag'),
  features: reloaded('flags'),
  'firewall-backend': known('text', '29'),
  'fixed-cidr': known('text'),
  'fixed-cidr-v6': known('text'),
  graph: known('text', first, '24'),
  group: known('text'),
  'host-gateway-ip': known('text'),
  'host-gateway-ips': known('texts', '28'),
  hosts: known('texts'),
  icc: known('flag'),
  init: known('flag'),
  'init-path': known('text'),
  'insecure-registries': reloaded('texts'),
  ip: known('text'),
  'ip-forward': known('flag'),
  'ip-forward-no-drop': known('flag', '28'),
  'ip-masq': known('flag'),
  ip6tables: known('flag'),
  iptables: known('flag'),
  ipv6: known('flag'),
  labels: reloaded('texts'),
  'live-restore': reloaded('flag'),
  'log-driver': known('text'),
  'log-format': known('text', '25'),
  'log-level': known('text'),
  'log-opts': known('options'),
  'max-concurrent-downloads': reloaded('number'),
  'max-concurrent-uploads': reloaded('number'),
  'max-download-attempts': reloaded('number'),
  'metrics-addr': known('text'),
  mtu: known('number'),
  'network-control-plane-mtu': known('number'),
  'no-new-privileges': known('flag'),
  'node-generic-resources': known('texts'),
  'oom-score-adjust': known('number', first, '26'),
  pidfile: known('text'),
  proxies: known('options', '23'),
  'raw-logs': known('flag'),
  'registry-mirrors': reloaded('texts'),
  rootless: known('flag'),
  runtimes: reloaded('object'),
  'seccomp-profile': known('text'),
  'selinux-enabled': known('flag'),
  'shutdown-timeout': reloaded('number'),
  'storage-driver': known('text'),
  'storage-opts': known('texts'),
  'swarm-default-advertise-addr': known('text'),
  tls: known('flag'),
  tlscacert: known('text'),
  tlscert: known('text'),
  tlskey: known('text'),
  tlsverify: known('flag'),
  'userland-proxy': known('flag'),
  'userland-proxy-path': known('text'),
  'userns-remap': known('text'),
};

/**
 * Names of command-line flags whose key in the file is another: dockerd lets them pass as known and ignores them, which is worse
 * than a refusal (seen on 20.10.24).
 */
export const flagNames: Readonly<Record<string, string>> = {
  'add-runtime': 'runtimes',
  'authorization-plugin': 'authorization-plugins',
  'default-address-pool': 'default-address-pools',
  'default-ulimit': 'default-ulimits',
  'dns-opt': 'dns-opts',
  'exec-opt': 'exec-opts',
  host: 'hosts',
  'insecure-registry': 'insecure-registries',
  label: 'labels',
  'log-opt': 'log-opts',
  'node-generic-resource': 'node-generic-resources',
  'registry-mirror': 'registry-mirrors',
  'storage-opt': 'storage-opts',
};

/** Compares versions part by part; a version without minor number stands for the last of its line. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major = 0, minor = Number.POSITIVE_INFINITY] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** Does dockerd of this version know the key? */
export function knowsKey(version: string, key: string): boolean {
  const fact = Object.hasOwn(dockerKeys, key) ? dockerKeys[key] : undefined;
  if (!fact || !isAtLeast(version, fact.since)) return false;
  return fact.until === null || !isAtLeast(version, fact.until);
}

const kindNames: Readonly<Record<KeyKind, string>> = {
  text: 'a text',
  flag: 'true or false',
  number: 'a whole number',
  size: 'a number of bytes or a text like 64M',
  texts: 'a list of texts',
  options: 'a mapping to texts',
  flags: 'a mapping to true or false',
  object: 'a mapping',
  objects: 'a list of mappings',
};

/** The kind a value must have for dockerd's decoder, in words; null where it has it. `null` leaves the default and is taken. */
export function kindFault(key: string, value: unknown): string | null {
  const fact = dockerKeys[key];
  if (!fact || value === null) return null;
  return hasKind(value, fact.kind) ? null : kindNames[fact.kind];
}

function hasKind(value: unknown, kind: KeyKind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'flag':
      return typeof value === 'boolean';
    case 'number':
      return Number.isInteger(value);
    case 'size':
      return Number.isInteger(value) || typeof value === 'string';
    case 'texts':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    case 'objects':
      return Array.isArray(value) && value.every(isMapping);
    case 'object':
      return isMapping(value);
    case 'options':
      return isMapping(value) && Object.values(value).every((entry) => typeof entry === 'string');
    case 'flags':
      return isMapping(value) && Object.values(value).every((entry) => typeof entry === 'boolean');
  }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
