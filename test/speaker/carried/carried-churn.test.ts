import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPath, type Path } from '../../../src/bgp/attributes.ts';
import { type CarriedDestination, CarriedRib } from '../../../src/bgp/carried/carried-rib.ts';
import { readCarried } from '../../../src/bgp/carried/destinations.ts';
import { createTransientPathStore, internPath } from '../../../src/bgp/path-store.ts';
import type { Peer } from '../../../src/bgp/peer.ts';
import { createDecisionProcess } from '../../../src/bgp/rib/decide.ts';
import { L2VPN_EVPN } from '../../../src/bgp/wire/negotiated.ts';
import { CarriedOut, type CarriedSaying } from '../../../src/speaker/carried/carried-out.ts';
import { externalProfile } from '../../../src/targets/external/profile.ts';
import { bgpConfig, noOptions } from '../../bgp/fixtures.ts';

const process = createDecisionProcess(
  externalProfile.decision,
  bgpConfig(65000, '9.9.9.9', { decision: noOptions }),
);
const store = createTransientPathStore();
const paths = Array.from({ length: 4 }, (_, med) => internPath(store, { ...emptyPath(store), med }));

/** An inclusive multicast route with this tag. */
function route(tag: number) {
  const hex = `03110000fde900000001${tag.toString(16).padStart(8, '0')}200a000009`;
  const [one] = readCarried(L2VPN_EVPN, Uint8Array.from(Buffer.from(hex, 'hex')), false) ?? [];
  if (!one) throw new Error('no route');
  return one;
}

const peers = [1, 2].map((number) => ({ type: 'ebgp', remoteAs: 65000 + number, name: `${number}` }) as Peer);

/** A table, a peer that is told all of it, and what that peer has heard. */
class Scene {
  readonly rib: CarriedRib;
  readonly out: CarriedOut;
  readonly heard = new Map<string, string>();

  constructor() {
    this.out = new CarriedOut((destination) => this.wanted(destination));
    this.rib = new CarriedRib({
      process,
      imported: (_, path) => ({ path }),
      changed: (destination) => this.out.changed(destination),
    });
  }

  /** All routes of a destination, as with add-path. */
  wanted(destination: CarriedDestination): readonly CarriedSaying[] {
    return this.rib.usable(destination).map(({ peerNumber, path, attached }) => ({
      holder: `${peerNumber}`,
      attributes: `med ${path.med}`,
      attached,
      path,
    }));
  }

  receive(number: number, tag: number, path: Path): void {
    const peer = peers[number - 1];
    if (peer) this.rib.receive(number, peer, route(tag), path);
  }

  take(most: number): void {
    for (const { attributes, routes } of this.out.take(most))
      for (const { destination, pathId } of routes) {
        const name = `${destination.key} ${pathId}`;
        if (attributes === null) expect(this.heard.delete(name), 'was told before').toBe(true);
        else this.heard.set(name, attributes);
      }
  }
}

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constant('say'), fc.integer({ min: 1, max: 2 }), fc.nat(5), fc.nat(3)),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constant('withdraw'), fc.integer({ min: 1, max: 2 }), fc.nat(5), fc.nat(3)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constant('gone'), fc.integer({ min: 1, max: 2 }), fc.nat(5), fc.nat(3)),
  },
  { weight: 3, arbitrary: fc.tuple(fc.constant('take'), fc.constant(1), fc.nat(5), fc.nat(3)) },
);

describe('routes of a family that is passed on, under churn', () => {
  it('a peer that listens now and then has in the end what the table has', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const scene = new Scene();
        for (const [name, peer, tag, value] of acts) {
          if (name === 'say') scene.receive(peer, tag, paths[value] ?? paths[0] ?? fail());
          else if (name === 'withdraw') scene.rib.withdraw(peer, route(tag));
          else if (name === 'gone') scene.rib.withdrawAll(peer);
          else scene.take(value + 1);
        }
        scene.take(100);
        const wanted = [...scene.rib.destinations.values()].flatMap((destination) =>
          scene.wanted(destination).map(({ attributes }) => `${destination.key} ${attributes}`),
        );
        const heard = [...scene.heard].map(
          ([name, attributes]) => `${name.replace(/ \d+$/, '')} ${attributes}`,
        );
        expect(heard.sort()).toEqual(wanted.sort());
        expect(scene.out.announced).toBe(wanted.length);
        expect(scene.out.waiting).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('what came and went while nobody listened leaves nothing behind', () => {
    const scene = new Scene();
    const [path] = paths;
    if (!path) throw new Error('no path');
    for (let round = 0; round < 2000; round++) {
      scene.receive(1, round, path);
      scene.rib.withdraw(1, route(round));
    }
    for (let round = 0; round < 2000; round++) {
      scene.receive(1, 7, path);
      if (round < 1999) scene.rib.withdraw(1, route(7));
    }
    expect([scene.rib.destinations.size, scene.rib.routes, scene.out.waiting]).toEqual([1, 1, 1]);
    scene.take(10);
    scene.rib.withdraw(1, route(7));
    expect(scene.out.waiting).toBe(1);
    scene.take(10);
    expect([scene.rib.destinations.size, scene.heard.size, scene.out.waiting]).toEqual([0, 0, 0]);
  });
});

function fail(): never {
  throw new Error('no path');
}
