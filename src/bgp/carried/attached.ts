import { addressOf, bitsOf, parseAddress } from '../../base/ip.ts';
import type { EvpnRoute } from '../wire/nlri/evpn.ts';
import type { Nlri } from '../wire/nlri/index.ts';

/**
 * Much of what stands in an NLRI does not name the destination: labels (RFC 8277 2.4, RFC 4364 4.3.4), and in EVPN the segment and the gateway too (RFC 7432 section 7,
 * RFC 9136 section 3). It belongs to the path, and a route with another label replaces the one before.
 */
export interface SplitNlri {
  /** The NLRI with nothing attached: also how it is withdrawn. */
  readonly bare: Nlri;
  /** In words that `joined` reads: `esi 00112233445566778899`, `gateway 10.0.0.1`, `label 100,200`; '' where nothing is. */
  readonly attached: string;
}

const NO_SEGMENT = '0'.repeat(20);
/** RFC 8277 2.4, as 20 bits. */
const WITHDRAWN_LABEL = 0x80000;

/** null: a route type that is not understood, to be passed over (RFC 7606 5.4). */
export function splitNlri(nlri: Nlri): SplitNlri | null {
  switch (nlri.kind) {
    case 'evpn-unknown':
      return null;
    case 'evpn': {
      const { route, attached } = splitEvpn(nlri.route);
      return { bare: { ...nlri, pathId: null, route }, attached };
    }
    case 'labeled':
      return {
        bare: { ...nlri, pathId: null, labels: [WITHDRAWN_LABEL] },
        attached: words({ labels: nlri.labels }),
      };
    default:
      return { bare: { ...nlri, pathId: null }, attached: '' };
  }
}

function splitEvpn(route: EvpnRoute): { readonly route: EvpnRoute; readonly attached: string } {
  switch (route.type) {
    case 'ethernet-ad':
      return { route: { ...route, label: 0 }, attached: words({ labels: [route.label] }) };
    case 'mac-ip': {
      const { segment, labels } = route;
      return { route: { ...route, segment: NO_SEGMENT, labels: [0] }, attached: words({ segment, labels }) };
    }
    case 'ip-prefix': {
      const { segment, gateway, label, prefix } = route;
      const none = addressOf(prefix.family, 0n);
      return {
        route: { ...route, segment: NO_SEGMENT, gateway: none, label: 0 },
        attached: words({
          segment,
          ...(gateway.value === 0n ? {} : { gateway: gateway.text }),
          labels: [label],
        }),
      };
    }
    default:
      return { route, attached: '' };
  }
}

interface Attached {
  readonly segment?: string;
  readonly gateway?: string;
  readonly labels?: readonly number[];
}

function words({ segment = NO_SEGMENT, gateway, labels }: Attached): string {
  return [
    ...(segment === NO_SEGMENT ? [] : [`esi ${segment}`]),
    ...(gateway ? [`gateway ${gateway}`] : []),
    ...(labels ? [`label ${labels.join()}`] : []),
  ].join(' ');
}

/** What `splitNlri` took apart. */
export function joinNlri(bare: Nlri, attached: string): Nlri {
  const list = attached.split(' ');
  const value = (name: string) => list[list.indexOf(name) + 1] ?? '';
  const has = (name: string) => list.includes(name);
  const labels = has('label') ? value('label').split(',').map(Number) : [0];
  if (bare.kind === 'labeled') return { ...bare, labels };
  if (bare.kind !== 'evpn') return bare;
  const segment = has('esi') ? value('esi') : NO_SEGMENT;
  const { route } = bare;
  switch (route.type) {
    case 'ethernet-ad':
      return { ...bare, route: { ...route, label: labels[0] ?? 0 } };
    case 'mac-ip':
      return { ...bare, route: { ...route, segment, labels } };
    case 'ip-prefix': {
      const gateway = (has('gateway') ? parseAddress(value('gateway')) : null) ?? route.gateway;
      return { ...bare, route: { ...route, segment, gateway, label: labels[0] ?? 0 } };
    }
    default:
      return bare;
  }
}

/** How many octets more than bare an NLRI may have: a segment, a gateway and labels. */
export const MOST_ATTACHED = 10 + bitsOf(6) / 8 + 3 * 16;
