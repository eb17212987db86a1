import { type FamilyName, familyNames } from '../../base/family.ts';
import type { BgpConfig } from '../../bgp/config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';

const usual: readonly FamilyName[] = ['ipv4-unicast'];

/**
 * What new files say, with the families that its neighbors really have. Another `bgp default ipv4-unicast` changes no neighbor that is
 * there, only which of its families the running configuration has a line for: `frr-reload.py` finds such a line of none of the files when it
 * runs the next time, and takes it away, be it `activate` or `no ... activate`.
 */
export function withFamiliesKept(before: BgpConfig | null, after: BgpConfig): BgpConfig {
  if (!before) return after;
  const { defaultFamilies: defaults = usual, peers: earlier } = before;
  if (isSame(defaults, usual) && isSame(after.defaultFamilies ?? usual, usual)) return after;
  const were = new Map(earlier.map((peer) => [keyOf(peer), peer]));
  const peers = after.peers.map((peer) => {
    const was = were.get(keyOf(peer));
    return was ? withFamiliesOf(was, peer, defaults) : peer;
  });
  return { ...after, peers };
}

function withFamiliesOf(was: PeerConfig, peer: PeerConfig, defaults: readonly FamilyName[]): PeerConfig {
  const families = Object.fromEntries(
    familyNames.flatMap((family) => {
      const [had, has] = [was.families[family], peer.families[family]];
      if (!peer.impliedFamilies?.includes(family)) return has ? [[family, has]] : [];
      const isSaid = (had !== undefined) !== defaults.includes(family);
      const options = (had !== undefined) === isSaid ? undefined : (has ?? had);
      return options ? [[family, options]] : [];
    }),
  );
  return { ...peer, families };
}

function isSame(one: readonly FamilyName[], other: readonly FamilyName[]): boolean {
  return one.length === other.length && one.every((family) => other.includes(family));
}

function keyOf({ address, interface: near }: PeerConfig): string {
  return address?.text ?? near ?? '';
}
