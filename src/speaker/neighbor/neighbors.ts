import { type Address, contains } from '../../base/ip.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { ceaseError } from '../../bgp/wire/registry.ts';
import { peerName } from '../reload.ts';
import { Neighbor } from './neighbor.ts';
import type { NeighborHost } from './neighbor-host.ts';

/** The neighbors of a speaker, each with the number it has in the tables: configured ones, and those that came out of a listen range. */
export class Neighbors {
  readonly #host: NeighborHost;
  readonly #byName = new Map<string, Neighbor>();
  /** Numbers are given out again, so that columns by number stay short. */
  readonly #numbers = new Set<number>();

  constructor(host: NeighborHost) {
    this.#host = host;
  }

  /** The same list until one comes or goes: it is walked for every change of a table. */
  all: readonly Neighbor[] = [];

  named(name: string): Neighbor | null {
    return this.#byName.get(name) ?? null;
  }

  byAddress(address: Address): Neighbor | null {
    return this.#byName.get(address.text) ?? null;
  }

  add(config: PeerConfig, dynamic = false): Neighbor {
    let number = 1;
    while (this.#numbers.has(number)) number++;
    this.#numbers.add(number);
    const neighbor = new Neighbor(number, config, this.#host, dynamic);
    this.#byName.set(peerName(config), neighbor);
    this.all = [...this.#byName.values()];
    return neighbor;
  }

  /** What a caller from a listen range is configured as; null: no range has it. */
  rangeConfig(address: Address): PeerConfig | null {
    const ranges = this.#host.router.bgp.listenRanges
      .filter(({ prefix }) => contains(prefix, address))
      .sort((a, b) => b.prefix.length - a.prefix.length);
    const [nearest] = ranges;
    return nearest ? { ...nearest.peer, address, passive: true } : null;
  }

  /** A neighbor for a caller nobody configured, or why there is none. */
  fromRange(address: Address): Neighbor | string {
    const config = this.rangeConfig(address);
    if (!config || config.shutdown) return 'nobody here knows it';
    const { listenLimit } = this.#host.router.bgp;
    const dynamic = this.all.filter((one) => one.dynamic).length;
    if (dynamic >= listenLimit) return `${listenLimit} dynamic neighbors are the limit`;
    const neighbor = this.add(config, true);
    neighbor.start();
    return neighbor;
  }

  remove(name: string, words: string): void {
    const neighbor = this.#byName.get(name);
    if (!neighbor) return;
    neighbor.stop(words, ceaseError.peerDeconfigured);
    this.forget(neighbor);
  }

  /** Its sessions are over already. */
  forget(neighbor: Neighbor): void {
    if (this.#byName.get(peerName(neighbor.config)) !== neighbor) return;
    this.#byName.delete(peerName(neighbor.config));
    this.#numbers.delete(neighbor.number);
    this.all = [...this.#byName.values()];
  }
}
