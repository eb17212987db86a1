import type { PeerConfig } from '../../../bgp/peer-config.ts';
import type { FinishedNeighbor } from './finish.ts';

/** Settings by which a neighbor of new files is another one (bgp/neighbor.py `__eq__`), with what they are where nothing is written. */
const compared: readonly (readonly [string, unknown])[] = [
  ['passive', false],
  ['listen', 0],
  ['connect', 0],
  ['hold-time', 180],
  ['rate-limit', 0],
  ['host-name', null],
  ['domain-name', null],
  ['md5-password', null],
  ['md5-ip', null],
  ['incoming-ttl', null],
  ['outgoing-ttl', null],
  ['group-updates', true],
  ['auto-flush', true],
  ['adj-rib-in', true],
  ['adj-rib-out', true],
];

const comparedCapabilities: readonly (readonly [string, unknown])[] = [
  ['route-refresh', false],
  ['graceful-restart', false],
  ['multi-session', false],
  ['nexthop', null],
  ['add-path', 'disable'],
  ['operational', false],
];

/** What ends the session where new files say something else. */
export function resetBy({ settings, capability, families }: FinishedNeighbor): string {
  const said = (from: FinishedNeighbor['settings'], names: typeof compared) =>
    names.flatMap(([name, absent]) => {
      const value = from.get(name)?.value ?? absent;
      return value === absent ? [] : [`${name} ${value}`];
    });
  return [...said(settings, compared), ...said(capability, comparedCapabilities), [...families].join()].join(
    '; ',
  );
}

/**
 * Routes are kept by the name of the neighbor (`RIB._cache`): where its session ends with the reload, those that the new file no longer
 * has are announced all the same, and stay. Without `adj-rib-out` nothing is kept, and what the new file has is lost with the old session.
 */
export function remembered(neighbor: FinishedNeighbor): Pick<PeerConfig, 'announcesFromBefore'> {
  const { peer, localAddress, localAs, peerAs, routerId } = neighbor;
  const name = [peer.text, localAddress.text, localAs, peerAs, routerId.text].join(' ');
  return { announcesFromBefore: { name, kept: keepsAnnounced(neighbor) } };
}

/** Can what was announced be said again on another session? Route refresh switches `adj-rib-out` on. */
export function keepsAnnounced({ settings, capability }: FinishedNeighbor): boolean {
  return settings.get('adj-rib-out')?.value !== false || capability.get('route-refresh')?.value === true;
}
