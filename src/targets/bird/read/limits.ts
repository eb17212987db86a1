import type { PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import type { ChannelDraft, LimitDraft } from './draft.ts';
import { flag } from './values.ts';

/**
 * What limits do (nest/proto.c `channel_notify_limit`). A receive limit counts what the filter refused only where that is kept.
 * 'restart' makes the session again after the pause for errors, of so many seconds.
 */
export function limitsOf(
  channel: ChannelDraft,
  pause: number,
): Pick<
  PeerFamilyConfig,
  | 'maximumPrefix'
  | 'maximumPrefixForce'
  | 'maximumPrefixRestart'
  | 'maximumPrefixOut'
  | 'maximumPrefixSent'
  | 'maximumPrefixTaken'
> {
  const keepsRefused = flag(channel, 'import keep filtered') || flag(channel, 'import table');
  const found = (['import', 'receive', 'export'] as const).flatMap((direction) => {
    // The last one written holds.
    const limit = channel.limits.findLast((one) => one.direction === direction);
    return limit && limit.action !== 'warn' && limit.action !== 'off' ? [limit] : [];
  });
  const least = (outbound: boolean, blocks: boolean) =>
    found
      .filter(
        ({ direction, action }) => (direction === 'export') === outbound && (action === 'block') === blocks,
      )
      .sort((a, b) => a.count - b.count)[0];
  const [closing, blocking] = [least(false, false), least(false, true)];
  const counts = (limit: LimitDraft | undefined) => limit?.direction === 'receive' && keepsRefused;
  const [sent, out] = [least(true, false), least(true, true)];
  const ending = [closing, sent].filter((one) => one !== undefined);
  const restarts = ending.length > 0 && ending.every(({ action }) => action === 'restart');
  return {
    maximumPrefix: closing?.count ?? null,
    ...(counts(closing) ? { maximumPrefixForce: true } : {}),
    ...(restarts ? { maximumPrefixRestart: pause } : {}),
    ...(sent ? { maximumPrefixSent: sent.count } : {}),
    ...(out ? { maximumPrefixOut: out.count } : {}),
    ...(blocking
      ? { maximumPrefixTaken: { count: blocking.count, received: counts(blocking) === true } }
      : {}),
  };
}
