import type { Fabric, Host, Neighbor, PeerGroup } from '../../../src/model/fabric.ts';

/** The model as reviewable text: one line per thing, places left out, options only where they differ from the default. */
export function compactFabric(fabric: Fabric): string {
  const lines: string[] = [];
  for (const host of fabric.hosts.values()) lines.push(...hostLines(host));
  lines.push('segments');
  for (const { name, networks, members } of fabric.segments) {
    const ends = members.map((m) => `${m.host}:${m.interface}`).join(' ');
    lines.push(`  ${name} [${networks.map((n) => n.text).join(' ')}] ${ends}`);
  }
  lines.push('sessions');
  for (const { a, b, type, families, verdict } of fabric.sessions) {
    const ends = `${a.host} ${a.address?.text} - ${b?.host} ${b?.address?.text}`;
    lines.push(`  ${ends} ${type} ${families.join('+')} ${verdict}`);
  }
  return `${lines.join('\n')}\n`;
}

function hostLines(host: Host): string[] {
  const { bgp, docker, daemon } = host;
  const lines = [`host ${host.name} ${json(daemon)} groups ${host.groups.join(' ')}`];
  for (const i of host.interfaces) lines.push(`  interface ${json(i)}`);
  for (const route of host.statics) lines.push(`  static ${json(route)}`);
  for (const [name, value] of host.sysctls) lines.push(`  sysctl ${name}=${value}`);
  if (docker) lines.push(`  docker ${json(docker)}`);
  if (!bgp) return lines;
  const { networks, redistribute, aggregates, peerGroups, listenRanges, neighbors, policies, ...rest } = bgp;
  lines.push(`  bgp ${json(rest)}`);
  for (const network of networks) lines.push(`  network ${json(network)}`);
  for (const one of redistribute) lines.push(`  redistribute ${json(one)}`);
  for (const one of aggregates) lines.push(`  aggregate ${json(one)}`);
  for (const group of peerGroups) lines.push(`  peer-group ${json(withoutDefaults(group))}`);
  for (const range of listenRanges) lines.push(`  listen ${json(range)}`);
  for (const neighbor of neighbors) lines.push(`  neighbor ${json(withoutDefaults(neighbor))}`);
  for (const [kind, named] of Object.entries(policies)) {
    for (const one of named) lines.push(`  ${kind} ${json(one)}`);
  }
  return lines;
}

/** Empty, false, 'no' and the default of send_community say nothing. */
function withoutDefaults(options: Neighbor | PeerGroup): object {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) =>
      key === 'sendCommunity' ? value === false : value !== null && value !== false && value !== 'no',
    ),
  );
}

function json(value: object): string {
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === 'source' || inner === null) return undefined;
    if (typeof inner === 'object' && inner !== null && 'text' in inner) return inner.text;
    return inner;
  });
}
