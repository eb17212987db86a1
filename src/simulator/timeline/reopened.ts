import type { Address } from '../../base/ip.ts';
import type { Peer } from '../../bgp/peer.ts';
import type { FamilyState } from '../state.ts';

/**
 * Sessions that have come up and are the same as in an earlier state: slot → that slot of `base`. `fresh`: the slots of sessions that
 * are new to the state before. null: one of them is another session than any of then, or its ends do not begin alike.
 */
export function reopenedSlots(
  { topology: now }: FamilyState,
  { topology: then }: FamilyState,
  fresh: readonly number[],
): ReadonlyMap<number, number> | null {
  const found = new Map<number, number>();
  const named = new Map<number, ReadonlyMap<string, number>>();
  for (const slot of fresh) {
    const node = now.owner[slot] ?? -1;
    let byName = named.get(node);
    if (!byName) {
      byName = slotsByName(then, node);
      named.set(node, byName);
    }
    const peer = now.peers.at(slot);
    const known = byName.get(peer?.name ?? '') ?? -1;
    const old = then.peers.at(known);
    if (!peer || !old || !isSamePeer(peer, old)) return null;
    found.set(slot, known);
  }
  for (const [slot, known] of found)
    if (found.get(now.reverse[slot] ?? -1) !== then.reverse[known]) return null;
  return found;
}

/** The slots of a router; -1 for a name that several have. */
function slotsByName(
  { slotStart, peers }: FamilyState['topology'],
  node: number,
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (let slot = slotStart[node] ?? 0; slot < (slotStart[node + 1] ?? 0); slot++) {
    const name = peers.at(slot)?.name ?? '';
    slots.set(name, slots.has(name) ? -1 : slot);
  }
  return slots;
}

/** Made anew for each session, from parts that stay the same objects as long as the files do. */
function isSamePeer(a: Peer, b: Peer): boolean {
  return sameFields(a, b, (name) => name === 'config') && sameFields(a.config, b.config, isOwnName);
}

/** Compared as texts elsewhere, or of no account. */
function isOwnName(name: string): boolean {
  return name === 'address' || name === 'source' || name === 'description';
}

function sameFields<T extends object>(a: T, b: T, skips: (name: string) => boolean): boolean {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (!skips(name) && !isSameValue(a[name as keyof T], b[name as keyof T])) return false;
  return true;
}

function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, i) => isSameValue(one, b[i]));
  const [text, other] = [(a as Address | null)?.text, (b as Address | null)?.text];
  return text !== undefined && text === other;
}
