import type { Router } from '../../bgp/router.ts';

const known = new WeakMap<Router, string | null>();

/**
 * Do the files of a router say the same but for the networks it announces (and its static routes, which tables are compared for)? Then
 * whatever it has loaded, all other prefixes stay as they are. Where lines stand does not count.
 */
export function onlyNetworksDiffer(a: Router, b: Router): boolean {
  const [before, now] = [keyOf(a), keyOf(b)];
  return before !== null && before === now;
}

/** All but the networks as a text; null: it holds something that has none. */
function keyOf(router: Router): string | null {
  let key = known.get(router);
  if (key === undefined) {
    key = textOf(router);
    known.set(router, key);
  }
  return key;
}

function textOf({ config, bgp, routerId, clusterId, publicAs, addresses, networks }: Router): string | null {
  if (bgp.originations.some(({ kind }) => kind === 'announce')) return null;
  const originations = bgp.originations.filter(({ kind }) => kind !== 'network');
  const rest = { ...config, profile: null, statics: null, bgp: { ...bgp, originations } };
  let isPlain = true;
  const text = JSON.stringify([rest, routerId, clusterId, publicAs, addresses, networks], (name, value) => {
    if (name === 'source') return undefined;
    if (typeof value === 'bigint') return `${value}`;
    if (value instanceof Set) return [...value];
    if (value instanceof Map) return [...value];
    if (value instanceof RegExp) return `${value}`;
    if (typeof value === 'function' || (value !== null && typeof value === 'object' && !isData(value)))
      isPlain = false;
    return value;
  });
  return isPlain ? `${text} ${config.profile.id}` : null;
}

/** Is it an object that shows all it holds? */
function isData(value: object): boolean {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
