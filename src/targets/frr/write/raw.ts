import type { Host } from '../../../model/fabric.ts';

/** Named points of `bgp_raw` where a user may add lines of his own; the simulator reports them where it cannot follow. */
const rawPoints = ['top', 'router_bgp', 'ipv4_unicast', 'ipv6_unicast', 'bottom'] as const;

export type RawLines = Readonly<Record<(typeof rawPoints)[number], readonly string[]>>;

export function rawLines(host: Host): RawLines {
  const given = host.vars.get('bgp_raw')?.value;
  const at = (point: string): readonly string[] => {
    const lines = isRecord(given) ? given[point] : undefined;
    return Array.isArray(lines) ? lines.map((line) => String(line).trim()) : [];
  };
  return {
    top: at('top'),
    router_bgp: at('router_bgp'),
    ipv4_unicast: at('ipv4_unicast'),
    ipv6_unicast: at('ipv6_unicast'),
    bottom: at('bottom'),
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
