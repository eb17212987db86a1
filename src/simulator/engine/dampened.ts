import type { Path } from '../../bgp/attributes.ts';
import { redecide } from './choose.ts';
import type { Engine, SlotCandidate } from './engine.ts';
import { type DampingRouter, damperOf, isHistory, judgeFlapping } from './flaps.ts';

// What messages do to paths whose flaps count. The decision is not told where a path is suppressed (`bgp_update` returns):
// one that was best stays so until something else happens to the prefix.

/** `path`: what the import has made of the message; null: nothing. False: it does what it does to any path. */
export function deliverDamped(
  engine: Engine,
  node: number,
  candidate: SlotCandidate,
  path: Path | null,
): boolean {
  const { slot } = candidate;
  if (engine.inList[slot] !== 1) return false;
  const at = damperOf(engine, node, candidate.peer);
  if (!at) return path !== null && comesBack(engine, node, candidate, path);
  const isRefused = path === null && engine.received[slot] !== 0;
  // What is refused is removed, whatever its flaps; a withdrawn path stays.
  if (isRefused && !isHistory(engine.damping?.flaps.get(candidate))) {
    engine.damping?.flaps.delete(candidate);
    return false;
  }
  const isSeen =
    path === null
      ? !isRefused && withdraw(engine, node, at, candidate)
      : announce(engine, at, candidate, path);
  judgeFlapping(engine, node, candidate);
  if (isSeen) redecide(engine, node);
  return true;
}

/** Of a path that is listed and no more, where flaps do not count by now. */
function comesBack(engine: Engine, node: number, candidate: SlotCandidate, path: Path): boolean {
  if (!engine.damping?.flaps.delete(candidate)) return false;
  candidate.path = path;
  judgeFlapping(engine, node, candidate);
  redecide(engine, node);
  return true;
}

/** False: there is nothing to decide, as the path was suppressed or gone before. */
function withdraw(
  { damping }: Engine,
  node: number,
  { damper, now }: DampingRouter,
  candidate: SlotCandidate,
): boolean {
  const known = damping?.flaps.get(candidate) ?? null;
  if (known === 'forgotten' || known?.withdrawn) return false;
  damping?.flaps.set(candidate, damper.flapped(known, now, false));
  if (candidate.invalid === null)
    damping?.counted.set(node, [...(damping.counted.get(node) ?? []), candidate.path]);
  return known?.suppressed !== true;
}

/** A path in the place of one that is there, or was. False: it is suppressed, or the same as before. */
export function announce(
  { damping }: Engine,
  { damper, now }: DampingRouter,
  candidate: SlotCandidate,
  path: Path,
): boolean {
  const known = damping?.flaps.get(candidate) ?? null;
  const isBack = known !== null && known !== 'forgotten' && known.withdrawn;
  if (candidate.path === path && !isHistory(known)) return false;
  candidate.path = path;
  // A path that was forgotten and not yet taken away comes back as one with other attributes.
  const flaps = isBack ? known : damper.flapped(known === 'forgotten' ? null : known, now, true);
  const { kept, suppressed } = damper.announced(flaps, now);
  if (kept) damping?.flaps.set(candidate, kept);
  else damping?.flaps.delete(candidate);
  return !suppressed;
}
