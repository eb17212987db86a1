import type { Prefix } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import type { PeerConfig } from '../../bgp/peer-config.ts';
import { describeReason } from '../../bgp/policy/describe.ts';
import { whyNotIn } from '../../bgp/policy/describe-condition.ts';
import type { PolicyReason } from '../../bgp/policy/evaluate.ts';
import { prefixEntry } from '../../bgp/policy/match-prefix.ts';
import type { Policy } from '../../bgp/policy/types.ts';

/** Why something did not happen, and which line of whose configuration did it. */
export interface Cause {
  readonly host: string;
  /** A clause without full stop; empty where nothing was asked. */
  readonly reason: string;
  /** The line that decided; null where none did. */
  readonly source: SourceRange | null;
  /** The policy that decided and its entry (FRR's sequence number, GoBGP's statement), to be found again in an inventory. */
  readonly policy: PolicyPlace | null;
  /** The neighbor in whose configuration the line stands, by address or interface; null: it is not about one. */
  readonly peer: string | null;
  /** Where the inventory says what the line says; null: nowhere, or there is no inventory. */
  readonly inventory: SourceRange | null;
}

export interface PolicyPlace {
  readonly name: string;
  /** Empty where no entry matched. */
  readonly entry: string;
}

/** `verdict` are the words of the rule that decided; a policy adds its name and place. */
export function causeOf(host: string, verdict: string, reason: PolicyReason | null, prefix: Prefix): Cause {
  if (!reason) return plainCause(host, verdict);
  const deciding = innermost(reason);
  const entry = entryOf(deciding.policy, prefix);
  const words = `${describeReason(reason)}${entry === null ? '' : `, ${entry.words}`}`;
  return {
    host,
    reason: [verdict, words].filter((text) => text !== '').join(': '),
    source: entry?.source ?? deciding.statement?.source ?? deciding.policy.source,
    policy: { name: deciding.policy.name, entry: deciding.statement?.label ?? '' },
    peer: null,
    inventory: null,
  };
}

/** A cause without policy: a rule, or a line of the configuration. */
export function plainCause(host: string, reason: string, source: SourceRange | null = null): Cause {
  return { host, reason, source, policy: null, peer: null, inventory: null };
}

/** A rule that follows from how a neighbor is configured. */
export function peerCause(
  host: string,
  reason: string,
  { address, interface: name, source }: PeerConfig,
): Cause {
  return { ...plainCause(host, reason, source), peer: address?.text ?? name };
}

/** The cause alone, of something that says more. */
export function bare({ host, reason, source, policy, peer, inventory }: Cause): Cause {
  return { host, reason, source, policy, peer, inventory };
}

function innermost(reason: PolicyReason): PolicyReason {
  return reason.called ? innermost(reason.called) : reason;
}

/** For a prefix list put straight on a neighbor: the entry that speaks, since the policy itself has none. */
function entryOf(
  { statements, kind }: Policy,
  prefix: Prefix,
): { readonly words: string; readonly source: SourceRange | null } | null {
  const [condition] = statements[0]?.conditions ?? [];
  if (kind === undefined || kind === 'route-map' || condition?.kind !== 'prefix') return null;
  const entry = prefixEntry(condition.set, prefix);
  if (!entry) return { words: whyNotIn(condition.set, prefix), source: null };
  return {
    words: `entry ${entry.permit ? 'permit' : 'deny'} ${entry.prefix.text}`,
    source: entry.source ?? null,
  };
}
