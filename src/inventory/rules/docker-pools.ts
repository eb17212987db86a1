import { bitsOf, overlaps, type Prefix, parsePrefix } from '../../base/ip.ts';
import type { Host } from '../../model/fabric.ts';
import { placeOf, type RuleContext } from './context.ts';
import type { Finding, Rule } from './rule.ts';

/** moby, libnetwork/ipamutils: where user networks come from unless default-address-pools is set. */
const dockersOwnPools: readonly Prefix[] = [
  '172.17.0.0/16',
  '172.18.0.0/16',
  '172.19.0.0/16',
  '172.20.0.0/14',
  '172.24.0.0/14',
  '172.28.0.0/14',
  '192.168.0.0/16',
].flatMap((text) => parsePrefix(text) ?? []);

interface Used {
  readonly host: Host;
  readonly prefix: Prefix;
  readonly what: string;
  /** A host may announce the user networks it cuts from its own pool. */
  readonly ownAllowed: boolean;
}

/** Every network of the fabric with the first host that has it, and a second one where there is one. */
function usedNetworks(context: RuleContext): Used[] {
  const used: Used[] = [];
  const count = new Map<string, number>();
  const add = (one: Used): void => {
    const known = count.get(one.prefix.text) ?? 0;
    if (one.prefix.length === 0 || known > 1) return;
    count.set(one.prefix.text, known + 1);
    used.push(one);
  };
  for (const host of context.hosts) {
    for (const bip of [host.docker?.bip, host.docker?.bip6])
      if (bip) add({ host, prefix: bip.network, what: 'containers', ownAllowed: false });
    for (const one of host.interfaces)
      for (const { network } of one.addresses)
        add({ host, prefix: network, what: one.name, ownAllowed: false });
    for (const { prefix } of host.bgp?.networks ?? [])
      add({ host, prefix, what: 'announced', ownAllowed: true });
  }
  return used;
}

function* overlappingPools(context: RuleContext): Iterable<Finding> {
  const used = usedNetworks(context);
  const hits = new Map<string, readonly Used[]>();
  for (const host of context.hosts) {
    for (const [index, { base }] of (host.docker?.defaultAddressPools ?? []).entries()) {
      const found = hits.get(base.text) ?? used.filter((one) => overlaps(one.prefix, base));
      hits.set(base.text, found);
      const hit = found.find((one) => one.host !== host || !one.ownAllowed);
      if (!hit) continue;
      yield {
        host,
        severity: hit.ownAllowed ? 'warning' : 'error',
        message: `${host.name} has the Docker pool ${base.text}, which overlaps ${hit.prefix.text} of ${hit.host.name} (${hit.what})`,
        at: placeOf(host, 'docker_default_address_pools', index, 'base'),
        found: base.text,
        expected: 'a pool that no network of the fabric lies in',
        fix: `choose a base outside ${hit.prefix.text}: a user network cut from it would hide that network from the host`,
        shared: `${base.text} ${hit.prefix.text}`,
      };
    }
  }
}

function* ownPools(context: RuleContext): Iterable<Finding> {
  const hits = usedNetworks(context).flatMap((used) => {
    const pool = dockersOwnPools.find((one) => overlaps(one, used.prefix));
    return pool ? [{ ...used, pool }] : [];
  });
  for (const host of context.hosts) {
    const { docker } = host;
    if (!docker || docker.defaultAddressPools.length > 0 || docker.options['default-address-pools']) continue;
    // Docker never cuts a network out of its own docker0.
    const hit = hits.find((one) => one.host !== host);
    if (!hit) continue;
    yield {
      host,
      message: `${host.name} has no docker_default_address_pools, so a user network may be cut from ${hit.pool.text}, where ${hit.prefix.text} of ${hit.host.name} lies`,
      at: docker.source,
      found: `Docker's own pools: 172.17.0.0 to 172.31.255.255 and 192.168.0.0/16`,
      expected: 'pools of your choice, away from the fabric',
      fix: 'set docker_default_address_pools: [{ base: NETWORK, size: 24 }] with a network nobody uses',
      shared: 'own pools',
    };
  }
}

function* poolSizes(context: RuleContext): Iterable<Finding> {
  for (const host of context.hosts) {
    for (const [index, { base, size }] of (host.docker?.defaultAddressPools ?? []).entries()) {
      const bits = bitsOf(base.family);
      if (size >= base.length && size <= bits) continue;
      yield {
        host,
        message: `${host.name} has a Docker pool ${base.text} with networks of length ${size}, which cannot be cut from it`,
        at: placeOf(host, 'docker_default_address_pools', index, 'size'),
        found: String(size),
        expected: `a length from ${base.length} to ${bits}`,
        fix: `set size to the length of one user network, for example ${Math.min(bits, Math.max(base.length, base.family === 4 ? 24 : 64))}`,
        shared: `${base.text} ${size}`,
      };
    }
  }
}

export const dockerPoolRules: readonly Rule[] = [
  { id: 'docker-pool-overlap', severity: 'error', check: overlappingPools },
  { id: 'docker-own-pools', severity: 'warning', check: ownPools },
  { id: 'docker-pool-size', severity: 'error', check: poolSizes },
];
