import { type DataPath, type SourceRange, sourceAt } from '../../base/source.ts';
import type { BgpInstance, Fabric, Host, Neighbor } from '../../model/fabric.ts';
import { EndIndex } from '../../model/session-index.ts';
import type { VarName } from '../schema/host-vars.ts';

/** A host that speaks BGP. */
export interface Speaker extends Host {
  readonly bgp: BgpInstance;
}

/** What the rules ask of a fabric; each index is built once, when a rule first needs it. */
export class RuleContext {
  readonly fabric: Fabric;
  readonly hosts: readonly Host[];
  /** Every host with BGP, those that are not ours included. */
  readonly speakers: readonly Speaker[];
  /** Hosts whose configuration is rendered: what they say is ours to judge. */
  readonly ours: readonly Speaker[];
  #ends: EndIndex | null = null;

  constructor(fabric: Fabric) {
    this.fabric = fabric;
    this.hosts = [...fabric.hosts.values()];
    this.speakers = this.hosts.filter(isSpeaker);
    this.ours = this.speakers.filter((host) => host.daemon.kind !== 'external');
  }

  get ends(): EndIndex {
    this.#ends ??= new EndIndex(this.fabric.hosts);
    return this.#ends;
  }

  host(name: string): Host | null {
    return this.fabric.hosts.get(name) ?? null;
  }

  /** The other host of a session; null where the address belongs to nobody or to several. */
  remoteOf(neighbor: Neighbor): Host | null {
    return neighbor.remoteHost === null ? null : this.host(neighbor.remoteHost);
  }
}

function isSpeaker(host: Host): host is Speaker {
  return host.bgp !== null;
}

/** The place of a variable of the host, or of a part of it; where it is not written, the host itself. */
export function placeOf(host: Host, name: VarName, ...path: DataPath): SourceRange {
  const node = host.vars.get(name);
  return node ? sourceAt(node, path) : host.source;
}

/** Is the session between different ASNs, as this end presents itself? */
export function isEbgp(host: Speaker, neighbor: Neighbor): boolean {
  return neighbor.remoteAs !== (neighbor.localAs?.asn ?? host.bgp.asn);
}

/** `web02 (10.0.0.2)`, or the address alone. */
export function neighborText(neighbor: Neighbor): string {
  return neighbor.remoteHost === null
    ? neighbor.address.text
    : `${neighbor.remoteHost} (${neighbor.address.text})`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
