import type { RouterConfig } from '../../bgp/config.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../bgp/peer-family-config.ts';
import type { LineReport } from '../../targets/target.ts';

/** Limits that the simulation follows and the speaker does not, with what happens instead. */
const limits: readonly (readonly [keyof PeerFamilyConfig, string])[] = [
  ['maximumPrefixOut', 'the speaker sends all prefixes'],
  ['maximumPrefixSent', 'the speaker sends all prefixes and keeps the session'],
  ['maximumPrefixTaken', 'the speaker takes all prefixes'],
];

/** The limits of a router that its speaker will not keep, one line for each neighbor. */
export function unkeptLimits(router: RouterConfig | null): readonly LineReport[] {
  const { peers = [], listenRanges = [] } = router?.bgp ?? {};
  return [...peers, ...listenRanges.map(({ peer }) => peer)].flatMap((peer) => {
    const options = Object.values<PeerFamilyConfig>(peer.families);
    const found = limits.find(([name]) => options.some((one) => one[name] !== undefined));
    return found && peer.source ? [lineOf(peer, found[1], peer.source)] : [];
  });
}

function lineOf(
  { address, interface: device }: PeerConfig,
  effect: string,
  source: LineReport['source'],
): LineReport {
  const text = `a limit of neighbor ${address?.text ?? device ?? ''}`;
  return { status: 'unmodelled', matters: true, text, effect, source };
}
