import type { Asn } from '../../base/asn.ts';
import { listed, placeOf, type RuleContext, type Speaker } from './context.ts';
import { sharedPrefixes } from './origination.ts';
import type { Finding, Rule } from './rule.ts';

interface EbgpLink {
  readonly to: string;
  readonly asn: Asn;
}

/** Who hears from whom over eBGP. */
function ebgpLinks(context: RuleContext): Map<string, EbgpLink[]> {
  const links = new Map<string, EbgpLink[]>();
  const add = (from: string, to: string): void => {
    const asn = context.host(to)?.bgp?.asn;
    if (asn === undefined) return;
    const list = links.get(from);
    if (list) list.push({ to, asn });
    else links.set(from, [{ to, asn }]);
  };
  for (const { a, b, type, families } of context.fabric.sessions) {
    if (!b || type !== 'ebgp' || families.length === 0) continue;
    add(a.host, b.host);
    add(b.host, a.host);
  }
  return links;
}

/** Sessions between each host and the closest announcer. */
function distances(
  from: readonly string[],
  links: ReadonlyMap<string, readonly EbgpLink[]>,
): Map<string, number> {
  const found = new Map(from.map((name) => [name, 0]));
  // A Map is walked in order of insertion, those added on the way included.
  for (const [name, distance] of found) {
    for (const { to } of links.get(name) ?? []) if (!found.has(to)) found.set(to, distance + 1);
  }
  return found;
}

/**
 * FRR and Quagga use equally long paths together only where the neighbor AS is the same, unless multipath-relax is on (RFC 7938,
 * section 6.2); GoBGP never looks at it.
 */
function* relaxMissing(context: RuleContext): Iterable<Finding> {
  const links = ebgpLinks(context);
  const done = new Set<string>();
  const strict = context.ours.filter(isStrict);
  for (const { prefix, by } of strict.length > 0 ? sharedPrefixes(context) : []) {
    const names = by.map(({ host }) => host.name);
    if (new Set(by.map(({ host }) => host.bgp.asn)).size < 2 || done.has(names.join(' '))) continue;
    done.add(names.join(' '));
    const distance = distances(names, links);
    for (const host of strict) {
      const own = distance.get(host.name) ?? 0;
      const closest = (links.get(host.name) ?? []).filter(({ to }) => distance.get(to) === own - 1);
      const asns = [...new Set(closest.map(({ asn }) => asn))];
      if (asns.length < 2) continue;
      yield {
        host,
        message: `${host.name} hears the anycast prefix ${prefix.text} equally near through AS ${listed(asns.map(String))}, but uses one of them only`,
        at: placeOf(host, host.vars.has('bgp_bestpath') ? 'bgp_bestpath' : 'bgp_asn'),
        found: 'as_path_multipath_relax: false',
        expected: 'as_path_multipath_relax: true',
        fix: 'set bgp_bestpath: { as_path_multipath_relax: true } so that all announcers get traffic',
        shared: `relax ${prefix.text}`,
      };
    }
  }
}

function isStrict({ daemon, bgp }: Speaker): boolean {
  const compares = daemon.kind === 'frr' || daemon.kind === 'quagga';
  return (
    compares && bgp.maximumPaths.ebgp > 1 && !bgp.bestpath.asPathMultipathRelax && !bgp.bestpath.asPathIgnore
  );
}

export const anycastRules: readonly Rule[] = [
  { id: 'anycast-multipath', severity: 'warning', check: relaxMissing },
];
