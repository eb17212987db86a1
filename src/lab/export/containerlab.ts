import type { TopologyDaemon, TopologyHost } from '../../pipeline/topology/topology.ts';
import type { LabPlan } from '../plan/plan.ts';
import type { LabHost } from '../wiring.ts';

/** How a daemon runs in containerlab: a public image, where its files go. */
interface Recipe {
  readonly image: (version: string) => string;
  /** File of ours → path in the container. */
  readonly place: (file: string) => string;
}

const recipes: Partial<Record<TopologyDaemon, Recipe>> = {
  frr: {
    image: (version) => `quay.io/frrouting/frr:${version === '8.4' ? '8.4.2' : `${version}.0`}`,
    place: (file) => `/etc/frr/${file}`,
  },
  gobgp: {
    image: () => 'jauderho/gobgp:v3.10.0',
    place: (file) => `/etc/gobgp/${file}`,
  },
  bird: {
    image: () => 'pierky/bird:2.0.12',
    place: (file) => `/etc/bird/${file}`,
  },
  exabgp: {
    image: () => 'pierky/exabgp:4.2.21',
    place: (file) => `/etc/exabgp/${file}`,
  },
};

/** An image for a host without a routing daemon. */
const PLAIN = 'alpine:3.20';

/** What FRR's image starts: without it only zebra would run. */
export const FRR_DAEMONS =
  'zebra=yes\nbgpd=yes\nstaticd=yes\nvtysh_enable=yes\nzebra_options="-A 127.0.0.1"\nbgpd_options="-A 127.0.0.1"\n';

/**
 * The same fabric as a containerlab topology: nodes with the rendered files bound to where their daemon looks, a link for each pair, a
 * bridge for each segment of more. `folder` is how files are named from the topology's own folder.
 */
export function containerlabTopology(name: string, plan: LabPlan, folder: string): string {
  const nodes = plan.hosts.map((host) => nodeText(host, folder));
  const segments = segmentsOf(plan.hosts);
  const bridges = [...segments].filter(([, ends]) => ends.length > 2).map(([link]) => link);
  const names = new Map(bridges.map((link, index) => [link, `br${index + 1}`]));
  const bridgeNodes = bridges.map(
    (link) =>
      `    ${names.get(link)}: # ${link}: ip link add ${names.get(link)} type bridge\n      kind: bridge\n`,
  );
  const links = [...segments].flatMap(([link, ends]) => {
    const bridge = names.get(link);
    if (bridge === undefined) return ends.length === 2 ? [linkText(ends[0] ?? '', ends[1] ?? '')] : [];
    return ends.map((end, index) => linkText(end, `${bridge}:p${index + 1}`));
  });
  return `# Images are suggestions: name the ones you use.\nname: ${name}\ntopology:\n  nodes:\n${[...nodes, ...bridgeNodes].join('')}  links:\n${links.join('')}`;
}

function nodeText(
  { name, daemon, version, interfaces, files, sysctls = [] }: LabHost & Pick<TopologyHost, 'version'>,
  folder: string,
): string {
  const recipe = recipes[daemon];
  const lines = [`    ${name}:`, '      kind: linux', `      image: ${recipe?.image(version) ?? PLAIN}`];
  const binds = recipe
    ? [...files.keys()]
        .filter((file) => file !== 'daemon.json')
        .map((file) => `${folder}/${name}/${file}:${recipe.place(file)}`)
    : [];
  if (daemon === 'frr') binds.push(`${folder}/frr-daemons:/etc/frr/daemons`);
  if (binds.length > 0) lines.push('      binds:', ...binds.map((bind) => `        - ${bind}`));
  const settings = [['net.ipv4.ip_forward', '1'], ...sysctls].map(([key, value]) => [key, value] as const);
  lines.push('      sysctls:', ...[...new Map(settings)].map(([key, value]) => `        ${key}: ${value}`));
  const addresses = interfaces.flatMap((one) =>
    one.addresses.map(({ text }) => `        - ip address replace ${text} dev ${one.name}`),
  );
  if (addresses.length > 0) lines.push('      exec:', ...addresses);
  return `${lines.join('\n')}\n`;
}

/** Link → ends as containerlab writes them, in the order of the hosts. */
function segmentsOf(hosts: readonly LabHost[]): ReadonlyMap<string, readonly string[]> {
  const segments = new Map<string, string[]>();
  for (const host of hosts)
    for (const { name, link } of host.interfaces)
      if (link !== null && name !== 'lo')
        segments.set(link, [...(segments.get(link) ?? []), `${host.name}:${name}`]);
  return segments;
}

function linkText(a: string, b: string): string {
  return `    - endpoints: ["${a}", "${b}"]\n`;
}
