import { extendedCommunityText } from '../extended-community.ts';
import { distinguisherText } from './distinguisher.ts';
import type { EvpnRoute } from './evpn.ts';
import type { FlowComponent } from './flowspec.ts';
import type { Nlri } from './index.ts';
import type { RouteTargetNlri } from './route-target.ts';

/** A destination of any family in one line, without its path identifier; labels, segments and gateways belong to the path and are left out. */
export function nlriText(nlri: Nlri): string {
  switch (nlri.kind) {
    case 'prefix':
      return nlri.prefix.text;
    case 'labeled':
      return `${nlri.distinguisher ? `${distinguisherText(nlri.distinguisher)} ` : ''}${nlri.prefix.text}`;
    case 'evpn':
      return `${distinguisherText(nlri.distinguisher)} ${evpnText(nlri.route)}`;
    case 'evpn-unknown':
      return `[${nlri.type}]:[${nlri.value}]`;
    case 'flowspec': {
      const rd = nlri.distinguisher ? `${distinguisherText(nlri.distinguisher)} ` : '';
      return `${rd}${nlri.components.map(componentText).join(' ') || 'any'}`;
    }
    case 'route-target':
      return routeTargetText(nlri);
  }
}

/** `65000 rt:65000:1`, or the first bits of one; `default`: every one (RFC 4684 section 4). */
function routeTargetText({ originAs, target, length }: RouteTargetNlri): string {
  if (originAs === null) return 'default';
  return `${originAs} ${length === 64 ? extendedCommunityText(target) : `0x${target}/${length}`}`;
}

/** As FRR prints them: `[2]:[tag]:[48]:[MAC]:[32]:[address]`. */
export function evpnText(route: EvpnRoute): string {
  const parts = (...list: readonly (string | number)[]) => list.map((one) => `[${one}]`).join(':');
  switch (route.type) {
    case 'ethernet-ad':
      return parts(1, route.tag, route.segment);
    case 'mac-ip': {
      const { tag, mac, address } = route;
      return address
        ? parts(2, tag, 48, mac, address.family === 4 ? 32 : 128, address.text)
        : parts(2, tag, 48, mac);
    }
    case 'inclusive-multicast':
      return parts(3, route.tag, route.address.family === 4 ? 32 : 128, route.address.text);
    case 'ethernet-segment':
      return parts(4, route.segment, route.address.text);
    case 'ip-prefix':
      return parts(5, route.tag, route.prefix.length, route.prefix.text.split('/')[0] ?? '');
  }
}

/** RFC 8955 4.2.2, RFC 8956 3; the words are ExaBGP's. */
export const NAMES: readonly string[] = [
  '',
  'destination',
  'source',
  'protocol',
  'port',
  'destination-port',
  'source-port',
  'icmp-type',
  'icmp-code',
  'tcp-flags',
  'packet-length',
  'dscp',
  'fragment',
  'flow-label',
];
export const COMPARISONS: readonly string[] = ['false', '=', '>', '>=', '<', '<=', '!=', 'true'];
/** Types whose tests are of bits. */
export const BITS = new Set([9, 12]);

function componentText(component: FlowComponent): string {
  const name = NAMES[component.type] ?? `type ${component.type}`;
  if (component.kind === 'prefix') {
    const { prefix, offset } = component;
    return `${name} ${prefix.text}${offset > 0 ? ` offset ${offset}` : ''}`;
  }
  const bits = BITS.has(component.type);
  const tests = component.tests.map(({ and, operator, value }, place) => {
    const sign = bits
      ? `${operator & 2 ? '!' : ''}${operator & 1 ? '=' : ''}0x${value.toString(16)}`
      : `${COMPARISONS[operator] ?? ''}${value}`;
    return `${place === 0 ? '' : and ? '&' : ' '}${sign}`;
  });
  return `${name} ${tests.join('')}`;
}
