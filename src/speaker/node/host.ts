import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { addressOf, prefixOf } from '../../base/ip.ts';
import type { HostState } from '../host-state.ts';

/** Is a route of the kernel's table one that this speaker put there? Those are left out. */
export type OwnRoutes = (prefix: string, metric: number) => boolean;

/** Interfaces that are up and have addresses, and the routes of the kernel's main tables; where there is no /proc, none. */
export function readHostState(own: OwnRoutes = () => false): HostState {
  const interfaces = Object.entries(networkInterfaces()).map(([name, list = []]) => ({
    name,
    addresses: list.flatMap(({ cidr }) => cidr ?? []).sort(),
  }));
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
  return { interfaces: interfaces.sort(byName), routes: [...ipv4Routes(own), ...ipv6Routes(own)] };
}

const RTF_UP = 0x1;
const RTF_GATEWAY = 0x2;
/** Added by the kernel for addresses of its own. */
const RTF_LOCAL = 0x80000000;
const RTF_CACHE = 0x01000000;

/** Destination, gateway and mask are 32 bits in the byte order of the machine, little-endian on all that Node runs on here. */
function ipv4Routes(own: OwnRoutes): HostState['routes'] {
  return lines('/proc/net/route')
    .slice(1)
    .flatMap(([device = '', destination = '', gateway = '', flags = '', , , metric = '', mask = '']) => {
      if ((Number.parseInt(flags, 16) & RTF_UP) === 0) return [];
      const length = swapped(mask).toString(2).replaceAll('0', '').length;
      const prefix = prefixOf(4, BigInt(swapped(destination)), length).text;
      const via =
        Number.parseInt(flags, 16) & RTF_GATEWAY ? addressOf(4, BigInt(swapped(gateway))).text : null;
      if (own(prefix, Number(metric))) return [];
      return [{ prefix, via, interface: device }];
    });
}

function swapped(hex: string): number {
  const octets = hex.match(/../g) ?? [];
  return Number.parseInt(octets.reverse().join('') || '0', 16);
}

function ipv6Routes(own: OwnRoutes): HostState['routes'] {
  return lines('/proc/net/ipv6_route').flatMap(
    ([destination = '0', length = '0', , , gateway = '0', metric = '', , , flags = '0', device = '']) => {
      const bits = Number.parseInt(flags, 16);
      const value = BigInt(`0x${destination}`);
      const passing = (bits & RTF_UP) === 0 || (bits & RTF_CACHE) !== 0 || (bits & RTF_LOCAL) !== 0;
      if (passing || device === 'lo' || value >> 120n === 0xffn || value >> 118n === 0x3fan) return [];
      const via = bits & RTF_GATEWAY ? addressOf(6, BigInt(`0x${gateway}`)).text : null;
      const prefix = prefixOf(6, value, Number.parseInt(length, 16)).text;
      if (own(prefix, Number.parseInt(metric, 16))) return [];
      return [{ prefix, via, interface: device }];
    },
  );
}

function lines(path: string): readonly (readonly string[])[] {
  try {
    const text = readFileSync(path, 'utf8');
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().split(/\s+/)]));
  } catch {
    return [];
  }
}
