import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixOf } from '../../../src/base/ip.ts';
import { prependAs } from '../../../src/bgp/as-path-table.ts';
import { emptyPath, type Path } from '../../../src/bgp/attributes.ts';
import { createTransientPathStore, internPath } from '../../../src/bgp/path-store.ts';
import type { Peer } from '../../../src/bgp/peer.ts';
import { AdjRibOut } from '../../../src/bgp/rib/adj-rib-out.ts';
import { createDecisionProcess, decide } from '../../../src/bgp/rib/decide.ts';
import { FamilyTable } from '../../../src/bgp/rib/family-table.ts';
import { Ipv4Index } from '../../../src/bgp/rib/prefix-index.ts';
import { externalProfile } from '../../../src/targets/external/profile.ts';
import { bgpConfig, noOptions } from '../fixtures.ts';

const MANY = 30_000;
const process = createDecisionProcess(
  externalProfile.decision,
  bgpConfig(65000, '9.9.9.9', { decision: noOptions }),
);
const store = createTransientPathStore();
/** By number: the lower, the better. */
const paths: readonly (Path | null)[] = [
  null,
  ...[103, 102, 101].map((localPref) => internPath(store, { ...emptyPath(store), localPref })),
];
const peers = [1, 2, 3].map(
  (number) => ({ type: 'ibgp', remoteAs: 65000, routerId: number, name: `peer ${number}` }) as Peer,
);

function pathAt(id: number): Path {
  const path = paths[id];
  if (!path) throw new Error(`no path ${id}`);
  return path;
}

/** A table that holds its paths by counting; what is gone waits for `rest`. */
class Scene {
  readonly held = new Map<number, number>();
  readonly table: FamilyTable;
  readonly out: AdjRibOut;
  waits = false;

  constructor() {
    const holder = {
      hold: (id: number) => void this.held.set(id, (this.held.get(id) ?? 0) + 1),
      drop: (id: number) => void this.held.set(id, (this.held.get(id) ?? 0) - 1),
    };
    this.table = new FamilyTable(new Ipv4Index(), process, {
      ...holder,
      imported: (_, __, wire) => wire,
      path: pathAt,
      glance: pathAt,
      hasMed: (id) => pathAt(id).med !== null,
      neighborAs: (id) => pathAt(id).asPath.neighborAs,
      peer: (number) => peers[number - 1] ?? null,
      reach: null,
      changed: (place) => this.out.changed(place),
      gone: () => {
        this.waits = true;
      },
    });
    this.out = new AdjRibOut(this.table, holder, (_, path) => path);
  }

  say(peer: number, from: number, to: number): void {
    for (let value = from; value < to; value++)
      this.table.receive(peer, this.table.index.add(prefixOf(4, BigInt(value) << 8n, 24)), 0, peer);
  }

  /** How many destinations have which path as their best. */
  best(): Readonly<Record<number, number>> {
    const count: Record<number, number> = {};
    for (let place = 0; place < this.table.index.size; place++) {
      const path = this.table.bestPath(place);
      count[path] = (count[path] ?? 0) + 1;
    }
    return count;
  }

  rest(): number {
    let slices = 0;
    if (this.waits) while (slices++ >= 0 && this.table.removeGone());
    return slices;
  }

  heldNow(): readonly (readonly [number, number])[] {
    return [...this.held].filter(([, count]) => count !== 0).sort();
  }
}

describe('the end of a session with many routes', () => {
  it('takes them out in slices, and none of them is chosen meanwhile', () => {
    const scene = new Scene();
    scene.say(1, 0, MANY);
    scene.say(2, 0, MANY / 2);
    scene.table.withdrawAll(1);
    expect(scene.waits).toBe(true);
    expect(scene.best()[1]).toBeUndefined();
    expect([scene.table.countOf(1), scene.table.routes]).toEqual([{ received: 0, accepted: 0 }, MANY / 2]);
    expect(scene.rest()).toBeGreaterThan(1);
    expect(scene.best()).toEqual({ 0: MANY / 2, 2: MANY / 2 });
    expect(scene.table.prefixes).toBe(MANY / 2);
    expect(scene.heldNow()).toEqual([[2, MANY]]);
  });

  it('a destination somebody is told of before its turn is decided first', () => {
    const scene = new Scene();
    scene.say(1, 0, MANY);
    scene.say(2, 0, MANY);
    scene.out.take(MANY);
    scene.table.withdrawAll(1);
    scene.say(3, 0, MANY);
    for (let batches = scene.out.take(500); batches.length > 0; batches = scene.out.take(500))
      expect(batches.map(({ wire }) => wire)).toEqual([2]);
    scene.rest();
    expect(scene.out.take(MANY)).toEqual([]);
    expect(scene.out.announced).toBe(MANY);
  });

  it('a peer that is back before all is taken out has what it said since, and no more', () => {
    const scene = new Scene();
    scene.say(1, 0, MANY);
    scene.say(2, 0, MANY);
    scene.table.withdrawAll(1);
    scene.say(1, MANY - 100, MANY);
    expect(scene.table.countOf(1)).toEqual({ received: 100, accepted: 100 });
    scene.table.markStale(1);
    scene.say(1, MANY - 100, MANY - 40);
    scene.table.withdrawStale(1);
    scene.rest();
    expect(scene.best()).toEqual({ 1: 60, 2: MANY - 60 });
    expect(scene.table.countOf(1)).toEqual({ received: 60, accepted: 60 });
    scene.table.withdrawAll(1);
    scene.table.withdrawAll(2);
    scene.rest();
    expect([scene.table.prefixes, scene.table.routes, scene.heldNow()]).toEqual([0, 0, []]);
  });
});

describe('destinations that never come again', () => {
  it('leave no more behind than some thousand numbers', () => {
    const scene = new Scene();
    for (let round = 0; round < 40; round++) {
      scene.say(1, round * 1000, round * 1000 + 1000);
      scene.table.withdrawAll(1);
      scene.rest();
      scene.table.releasePlaces(() => false);
    }
    expect(scene.table.index.size).toBeLessThan(6000);
    scene.say(2, 0, 10);
    expect(scene.best()[2]).toBe(10);
  });

  it('keep their number as long as a peer was told of them', () => {
    const scene = new Scene();
    scene.say(1, 0, 10_000);
    scene.out.take(10_000);
    scene.table.withdrawAll(1);
    scene.rest();
    const isHeld = (place: number) => scene.out.sentOf(place).length > 0;
    scene.table.releasePlaces(isHeld);
    expect(scene.table.index.find(prefixOf(4, 77n << 8n, 24))).toBe(77);
    expect(scene.out.take(10_000).map(({ wire, places }) => [wire, places.length])).toEqual([[0, 10_000]]);
    scene.say(2, 20_000, 40_000);
    scene.table.withdrawAll(2);
    scene.rest();
    for (let turn = 0; turn < 10; turn++) scene.table.releasePlaces(isHeld);
    expect(scene.table.index.find(prefixOf(4, 77n << 8n, 24))).toBe(-1);
    scene.say(3, 50_000, 50_100);
    scene.out.take(100_000);
    expect([scene.table.index.size, scene.out.announced]).toEqual([30_000, 100]);
  });
});

describe('a destination that many paths meet at', () => {
  /** Paths that most steps tell apart, and a few that only MED does, from no AS and from two. */
  const many = [0, 7, 8].flatMap((asn) =>
    [100, 101].flatMap((localPref) =>
      ([0, 2] as const).flatMap((origin) =>
        [null, 5, 7].map((med) => {
          const { asPaths } = store;
          const asPath = asn === 0 ? asPaths.empty : prependAs(asPaths, asPaths.empty, asn);
          return internPath(store, { ...emptyPath(store), localPref, origin, med, asPath });
        }),
      ),
    ),
  );
  /** Those of them that the MED, or a step behind it, decides between. */
  const few = many.flatMap(({ localPref, origin, asPath }, place) =>
    localPref === 100 && origin === 0 && asPath.length > 0 ? [place + 1] : [],
  );
  const speakers = [1, 2, 3, 4, 5, 6].map(
    (number) =>
      ({
        type: number < 5 ? 'ebgp' : 'ibgp',
        remoteAs: 65000 + (number % 2),
        routerId: number,
        name: '',
      }) as Peer,
  );
  const stepsOf = (wire: fc.Arbitrary<number>) =>
    fc.array(fc.record({ peer: fc.integer({ min: 1, max: 6 }), wire, refused: fc.boolean() }), {
      maxLength: 40,
    });
  const pathOf = (id: number) => many[id - 1] ?? internPath(store, emptyPath(store));

  /** `knows`: what the paths say of MEDs; otherwise every route meets all others. */
  function tableOf(knows: boolean, refuses: () => boolean): FamilyTable {
    return new FamilyTable(new Ipv4Index(), process, {
      hold: () => undefined,
      drop: () => undefined,
      imported: (_, __, wire) => (refuses() ? 0 : wire),
      path: pathOf,
      glance: pathOf,
      hasMed: (id) => !knows || pathOf(id).med !== null,
      neighborAs: (id) => (knows ? pathOf(id).asPath.neighborAs : -1),
      peer: (number) => speakers[number - 1] ?? null,
      reach: null,
      changed: () => undefined,
      gone: () => undefined,
    });
  }

  it.each([
    ['all of them', fc.integer({ min: 0, max: many.length })],
    ['those that differ in MED and neighbour', fc.constantFrom(0, ...few)],
  ])('has the best of %s, in whatever order they come, change and go', (_, wires) => {
    fc.assert(
      fc.property(stepsOf(wires), fc.boolean(), (steps, meds) => {
        let refuses = false;
        const [table, plain] = [true, false].map((knows) => tableOf(knows, () => refuses));
        if (!table || !plain) throw new Error('two tables');
        const place = table.index.add(prefixOf(4, 0n, 8));
        plain.index.add(prefixOf(4, 0n, 8));
        for (const { peer, wire, refused } of steps) {
          refuses = refused;
          // Without MEDs: every third path.
          const number = meds || wire === 0 ? wire : wire - ((wire - 1) % 3);
          for (const one of [table, plain]) {
            if (number === 0) one.withdraw(peer, place, 0);
            else one.receive(peer, place, 0, number);
          }
          expect(table.bestPath(place)).toBe(decide(process, table.candidates(place))?.accepted ?? 0);
          expect([table.bestPath(place), table.bestPeer(place)]).toEqual([
            plain.bestPath(place),
            plain.bestPeer(place),
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
