import type { Hop } from './next-hops.ts';

/** What has to be done to the kernel's table; `way` as `wayText` writes it. */
export type KernelOperation =
  /** The kernel refuses it where somebody else's route stands there: nothing of theirs is ever replaced. */
  | { readonly kind: 'add'; readonly prefix: string; readonly way: string }
  /** Only where a route of ours stands. */
  | { readonly kind: 'replace'; readonly prefix: string; readonly way: string }
  | { readonly kind: 'delete'; readonly prefix: string };

/** Next hops as `ip route` takes them: also what two routes are told apart by. */
export function wayText(hops: readonly { readonly gateway: string; readonly interface: string }[]): string {
  const [only] = hops;
  if (only && hops.length === 1) return `via ${only.gateway} dev ${only.interface}`;
  return hops.map((hop) => `nexthop via ${hop.gateway} dev ${hop.interface}`).join(' ');
}

export function wayOf(hops: readonly Hop[]): string {
  return wayText(hops.map((hop) => ({ gateway: hop.gateway.text, interface: hop.interface })));
}

/** What brings a destination from what stands in the kernel to what should; null: nothing. Empty and undefined: no route. */
export function planRoute(prefix: string, present: string | undefined, way: string): KernelOperation | null {
  if (way === '') return present === undefined ? null : { kind: 'delete', prefix };
  if (present === undefined) return { kind: 'add', prefix, way };
  return present === way ? null : { kind: 'replace', prefix, way };
}

/** Deletions first: a route that goes may make room for another one. */
export function inOrder(operations: readonly KernelOperation[]): readonly KernelOperation[] {
  return [...operations].sort((a, b) => rank(a) - rank(b));
}

function rank({ kind }: KernelOperation): number {
  return kind === 'delete' ? 0 : 1;
}
