import type { Namespaces } from './netns.ts';
import { type LabHost, portsOf } from './wiring.ts';

/** Which links and interfaces of a wired fabric are up, and with them the carriers of both ends. */
export class Carriers {
  readonly #namespaces: Namespaces;
  readonly #hosts: readonly LabHost[];
  /** `host interface` → its port on the other side. */
  readonly #ports: ReadonlyMap<string, string>;
  readonly #portsUp = new Map<string, boolean>();
  /** Links and interfaces (`host interface`) that are down. */
  readonly #down = new Set<string>();

  constructor(namespaces: Namespaces, hosts: readonly LabHost[]) {
    this.#namespaces = namespaces;
    this.#hosts = hosts;
    this.#ports = portsOf(hosts);
  }

  /** Every interface on the link loses its carrier, or gets it back. */
  setLink(link: string, up: boolean): void {
    this.#note(link, up);
    this.#setPorts();
  }

  /** `ip link set` on the host; at the other end of a cable the carrier goes with it. */
  setInterface(host: string, device: string, up: boolean): void {
    this.#note(`${host} ${device}`, up);
    this.#namespaces.setLink(host, device, up);
    this.#setPorts();
  }

  /** Takes the carrier away from an interface, as a pulled cable does. */
  unplug(host: string, device: string): void {
    if (!this.#ports.has(`${host} ${device}`)) throw new Error(`${host} has no ${device}`);
    this.#setPort(host, device, false);
  }

  #note(what: string, up: boolean): void {
    if (up) this.#down.delete(what);
    else this.#down.add(what);
  }

  /** A link of two is a cable: what is down at one end has no carrier at the other. */
  #setPorts(): void {
    const all = this.#hosts.flatMap(({ name, interfaces }) =>
      interfaces.map((one) => ({ host: name, device: one.name, link: one.link })),
    );
    for (const { host, device, link } of all) {
      if (link === null) continue;
      const others = all.filter((one) => one.link === link && !(one.host === host && one.device === device));
      const cut = others.length === 1 && others.some((one) => this.#down.has(`${one.host} ${one.device}`));
      this.#setPort(host, device, !this.#down.has(link) && !cut);
    }
  }

  /**
   * What a daemon left unsaid when the carrier went keeps the kernel asking for the neighbor's MAC address, three times within 3 s and
   * then again. A carrier that comes back at both ends after the third question lets the daemons' calls fail ("No route to host"), and
   * FRR calls again after its connect retry (120 s): one time in three. So the kernel begins anew with a carrier.
   */
  #setPort(host: string, device: string, up: boolean): void {
    const port = this.#ports.get(`${host} ${device}`);
    if (port === undefined || (this.#portsUp.get(port) ?? true) === up) return;
    this.#portsUp.set(port, up);
    if (up) this.#namespaces.forgetNeighbors(host, device);
    this.#namespaces.setPort(port, up);
  }
}
