import type { DataPath, Positioned } from '../../base/source.ts';

/** Visits every scalar below `node`, depth first, with its path. */
export function eachScalar(
  node: Positioned,
  visit: (scalar: Positioned, path: DataPath) => void,
  path: DataPath = [],
): void {
  if (node.entries) for (const [key, entry] of node.entries) eachScalar(entry.node, visit, [...path, key]);
  else if (node.items) node.items.forEach((item, index) => void eachScalar(item, visit, [...path, index]));
  else visit(node, path);
}

/** `bgp_neighbors[0].route_map_in`, as people write it. */
export function pathText(name: string, path: DataPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return /^[\w-]+$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`;
  }, name);
}

/** A value as it would stand in the inventory, cut where it is long. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
