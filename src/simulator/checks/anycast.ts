import type { Diagnostic } from '../../base/diagnostic.ts';
import { addressOf } from '../../base/ip.ts';
import { type Destination, destinationOf, stepAt } from '../forwarding/destination.ts';
import type { Intent } from '../kernel/network.ts';
import type { PrefixState, SimulationState } from '../state.ts';
import { prefixStateOf } from './announced.ts';
import { nameOf, someNames } from './names.ts';

/** Where several hosts announce one prefix, each of them gets traffic from somebody who does not. */
export function checkAnycast(state: SimulationState, intents: readonly Intent[]): readonly Diagnostic[] {
  const shared = sharedIntents(intents);
  if (shared.size === 0) return [];
  return [...shared.values()].flatMap((same) => {
    const [intent] = same;
    const kept = intent ? prefixStateOf(state, intent) : null;
    if (!intent || !kept || kept.origins.size < 2) return [];
    const destination = destinationOf(state, addressOf(kept.prefix.family, kept.prefix.value));
    const idle = withoutTraffic(state, destination, kept);
    // Where nobody's traffic arrives at all, that is for the check of forwarding to say.
    return idle.length === 0 || idle.length === kept.origins.size ? [] : [finding(state, intent, kept, idle)];
  });
}

function sharedIntents(intents: readonly Intent[]): ReadonlyMap<string, readonly Intent[]> {
  const byPrefix = new Map<string, Intent[]>();
  for (const intent of intents) {
    const same = byPrefix.get(intent.prefix.text);
    if (same) same.push(intent);
    else byPrefix.set(intent.prefix.text, [intent]);
  }
  for (const [text, same] of byPrefix) if (same.length < 2) byPrefix.delete(text);
  return byPrefix;
}

/** Announcers that no other router's traffic reaches; none where all routers announce it. */
function withoutTraffic(
  state: SimulationState,
  destination: Destination,
  kept: PrefixState,
): readonly number[] {
  const sources = state.routers.flatMap((router, node) =>
    router?.config.installsRoutes && !kept.origins.has(node) ? [node] : [],
  );
  if (sources.length === 0) return [];
  const reached = announcersReached(destination, kept, sources);
  return [...kept.origins.keys()].filter((node) => !reached.has(node)).sort((a, b) => a - b);
}

/** The announcers of a prefix at which traffic from these nodes ends, whichever branches it takes. */
export function announcersReached(
  destination: Destination,
  kept: PrefixState,
  sources: readonly number[],
): ReadonlySet<number> {
  const waiting = [...sources];
  const visited = new Set<number>(waiting);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (kept.origins.has(node)) continue;
    const step = stepAt(destination, node);
    if (step.kind !== 'forwarded') continue;
    for (const { node: next } of step.to) {
      if (next === null || visited.has(next)) continue;
      visited.add(next);
      waiting.push(next);
    }
  }
  return new Set([...visited].filter((node) => kept.origins.has(node)));
}

function finding(
  state: SimulationState,
  intent: Intent,
  kept: PrefixState,
  idle: readonly number[],
): Diagnostic {
  const busy = [...kept.origins.keys()].filter((node) => !idle.includes(node));
  return {
    rule: 'anycast-spread',
    severity: 'warning',
    message: `${someNames(state, idle)} ${idle.length === 1 ? 'announces' : 'announce'} ${intent.prefix.text} without getting traffic for it: all of it goes to ${someNames(state, busy)}`,
    ranges: [intent.source],
    host: nameOf(state, idle[0] ?? 0),
    found: intent.prefix.text,
    fix: 'let the routers in front use several paths (maximum-paths, as-path multipath-relax), or announce it from one host only',
  };
}
