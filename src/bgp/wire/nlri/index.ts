import { type Fault, resetting } from '../fault.ts';
import {
  type FamilyKey,
  familyText,
  IPV4_FLOWSPEC,
  IPV4_LABELED,
  IPV4_MULTICAST,
  IPV4_UNICAST,
  IPV4_VPN,
  IPV4_VPN_FLOWSPEC,
  IPV6_FLOWSPEC,
  IPV6_LABELED,
  IPV6_MULTICAST,
  IPV6_UNICAST,
  IPV6_VPN,
  IPV6_VPN_FLOWSPEC,
  L2VPN_EVPN,
  ROUTE_TARGET,
} from '../negotiated.ts';
import { ByteReader } from '../reader.ts';
import { errorCode, updateError } from '../registry.ts';
import type { ByteWriter } from '../writer.ts';
import { type EvpnNlri, evpnCodec, type UnknownEvpnNlri } from './evpn.ts';
import { type FlowspecNlri, flowspecCodec } from './flowspec.ts';
import { type PrefixNlri, prefixCodec } from './prefix.ts';
import { type RouteTargetNlri, routeTargetCodec } from './route-target.ts';
import type { NlriCodec } from './row.ts';
import { type LabeledNlri, labeledCodec } from './vpn.ts';

/** One destination of any family. */
export type Nlri = PrefixNlri | LabeledNlri | EvpnNlri | UnknownEvpnNlri | FlowspecNlri | RouteTargetNlri;

/** Every family whose destinations are understood. Adding one is a file and a line here. */
const codecs = new Map<FamilyKey, NlriCodec<Nlri>>([
  row(IPV4_UNICAST, prefixCodec(4)),
  row(IPV6_UNICAST, prefixCodec(6)),
  row(IPV4_MULTICAST, prefixCodec(4)),
  row(IPV6_MULTICAST, prefixCodec(6)),
  row(IPV4_LABELED, labeledCodec(4, false)),
  row(IPV6_LABELED, labeledCodec(6, false)),
  row(IPV4_VPN, labeledCodec(4, true)),
  row(IPV6_VPN, labeledCodec(6, true)),
  row(L2VPN_EVPN, evpnCodec),
  row(IPV4_FLOWSPEC, flowspecCodec(4, false)),
  row(IPV6_FLOWSPEC, flowspecCodec(6, false)),
  row(IPV4_VPN_FLOWSPEC, flowspecCodec(4, true)),
  row(IPV6_VPN_FLOWSPEC, flowspecCodec(6, true)),
  row(ROUTE_TARGET, routeTargetCodec),
]);

/** A family only ever meets destinations of its own codec: that is what the table says and types cannot. */
function row<One extends Nlri>(family: FamilyKey, codec: NlriCodec<One>): [FamilyKey, NlriCodec<Nlri>] {
  return [family, codec as unknown as NlriCodec<Nlri>];
}

export const knownFamilies: readonly FamilyKey[] = [...codecs.keys()];

/** All destinations of a field, in order, or the fault that ends the session: behind a bad length nothing can be found (RFC 7606 5.3). */
export function decodeNlri(bytes: Uint8Array, family: FamilyKey, addPath: boolean): readonly Nlri[] | Fault {
  const codec = codecs.get(family);
  if (!codec) return malformed(`${familyText(family)} was not agreed on`, bytes);
  const reader = new ByteReader(bytes);
  const list: Nlri[] = [];
  while (reader.left > 0) {
    const nlri = codec.decode(reader, addPath);
    if (nlri === null || reader.short)
      return malformed(`a destination of ${familyText(family)} is malformed`, bytes);
    list.push(nlri);
  }
  return list;
}

function malformed(message: string, bytes: Uint8Array): Fault {
  return resetting(errorCode.update, updateError.invalidNetworkField, message, bytes.slice(0, 64));
}

export function encodeNlri(
  writer: ByteWriter,
  list: readonly Nlri[],
  family: FamilyKey,
  addPath: boolean,
): void {
  const codec = codecs.get(family);
  if (!codec) throw new Error(`no encoding for ${familyText(family)}`);
  for (const nlri of list) codec.encode(writer, nlri, addPath);
}
