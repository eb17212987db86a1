import { type FamilyName, familyNames, familyOf } from '../base/family.ts';
import type { Prefix } from '../base/ip.ts';
import { announcedData } from '../bgp/announce.ts';
import type { Path, PathSource } from '../bgp/attributes.ts';
import { type IdleOrigination, localPath, originate } from '../bgp/originate.ts';
import type { AnnouncedAttributes } from '../bgp/origination-config.ts';
import { LOCAL } from '../bgp/rib/table-owner.ts';
import type { Router } from '../bgp/router.ts';
import type { HostView } from './host-state.ts';
import type { Tables } from './tables/tables.ts';

/** Where a local route comes from: each has a place of its own in the table (a path identifier), so that they do not replace each other. */
const slots: Readonly<Partial<Record<PathSource, number>>> = {
  network: 0,
  connected: 1,
  static: 2,
  kernel: 3,
  announce: 4,
};
const OPERATOR = 6;

/** A route that an operator announced while the speaker runs. */
export interface OperatorRoute {
  readonly prefix: Prefix;
  readonly attributes: AnnouncedAttributes;
  /** As 16 hexadecimal digits each, sorted. */
  readonly extendedCommunities: readonly string[];
}

/** Prefixes of own routes that are new or otherwise than before, and those that are gone. */
export interface OriginationChange {
  readonly announced: readonly string[];
  readonly withdrawn: readonly string[];
}

interface Made {
  readonly prefix: Prefix;
  readonly slot: number;
  /** As it stands on the shelf of the family's tables. */
  readonly number: number;
}

/** The routes made here: what the configuration originates with what the host has, and what an operator announces beside it. */
export class Originations {
  /** Configured and not announced, with the reason. */
  idle: readonly IdleOrigination[] = [];
  readonly #tables: ReadonlyMap<FamilyName, Tables>;
  readonly #operator = new Map<string, OperatorRoute>();
  #made = new Map<string, Made>();

  constructor(tables: ReadonlyMap<FamilyName, Tables>) {
    this.#tables = tables;
  }

  get operatorRoutes(): ReadonlyMap<string, OperatorRoute> {
    return this.#operator;
  }

  /** Brings the tables to what configuration and host come to now; touches only what is another than before. */
  refresh(router: Router, host: HostView): OriginationChange {
    const { paths, idle } = originate(router, host.routes);
    this.idle = idle;
    const next = new Map<string, Made>();
    const keep = (made: Made) => next.set(`${made.slot} ${made.prefix.text}`, made);
    for (const { prefix, path } of paths)
      keep({ prefix, number: this.#number(prefix, path), slot: slots[path.source] ?? 0 });
    for (const route of this.#operator.values()) keep(this.#operatorMade(router, route));
    const gone = [...this.#made].flatMap(([key, made]) => (next.has(key) ? [] : [made]));
    const other = [...next].flatMap(([key, made]) =>
      this.#made.get(key)?.number === made.number ? [] : [made],
    );
    for (const made of gone) this.#withdraw(made);
    for (const made of other) this.#announce(made);
    this.#made = next;
    return {
      announced: other.map(({ prefix }) => prefix.text),
      withdrawn: gone.map(({ prefix }) => prefix.text),
    };
  }

  /** Replaces what was announced for the prefix before. */
  announce(router: Router, route: OperatorRoute): void {
    const { prefix } = route;
    this.#operator.set(prefix.text, route);
    const made = this.#operatorMade(router, route);
    this.#made.set(`${OPERATOR} ${prefix.text}`, made);
    this.#announce(made);
  }

  /** False: nobody announced it here. */
  withdraw(prefix: Prefix): boolean {
    if (!this.#operator.delete(prefix.text)) return false;
    const key = `${OPERATOR} ${prefix.text}`;
    const made = this.#made.get(key);
    this.#made.delete(key);
    if (made) this.#withdraw(made);
    return true;
  }

  #operatorMade(router: Router, { prefix, attributes, extendedCommunities }: OperatorRoute): Made {
    const data = announcedData(attributes, router.context.store);
    const path = localPath(router, { ...data, extendedCommunities });
    return { prefix, number: this.#number(prefix, path), slot: OPERATOR };
  }

  #number({ family }: Prefix, path: Path): number {
    return this.#tables.get(familyOf(family))?.shelf.keep(path) ?? 0;
  }

  #announce({ prefix, number, slot }: Made): void {
    const table = this.#tables.get(familyOf(prefix.family))?.table;
    table?.receive(LOCAL, table.index.add(prefix), slot, number);
  }

  #withdraw({ prefix, slot }: Made): void {
    const table = this.#tables.get(familyOf(prefix.family))?.table;
    const place = table?.index.find(prefix) ?? -1;
    if (place >= 0) table?.withdraw(LOCAL, place, slot);
  }

  /** How many local routes there are, by family. */
  count(): Readonly<Record<FamilyName, number>> {
    const counts = Object.fromEntries(familyNames.map((name) => [name, 0])) as Record<FamilyName, number>;
    for (const { prefix } of this.#made.values()) counts[familyOf(prefix.family)]++;
    return counts;
  }
}
