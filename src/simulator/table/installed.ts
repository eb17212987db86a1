import type { FamilyName } from '../../base/family.ts';
import type { PathData } from '../../bgp/attributes.ts';
import type { PolicyReason } from '../../bgp/policy/evaluate.ts';
import type { Candidate } from '../../bgp/rib/candidate.ts';
import type { Router } from '../../bgp/router.ts';
import type { KernelExport } from '../../bgp/table-config.ts';
import { type Engine, routerAt, type SlotCandidate } from '../engine/engine.ts';
import { resolutionOf } from '../engine/judge.ts';
import { pathVerdict } from '../engine/path-verdict.ts';
import type { Hop } from '../kernel/kernel-table.ts';
import { copyAt, tableOf } from './beside.ts';
import { byGateway } from './local-routes.ts';
import { setMetric, type TableEntry } from './resolve.ts';

/**
 * What the kernel protocol of a table over all protocols installs for the prefix the engine holds: the best route, and with
 * `merge paths` its equals, each where the export policy lets it; null: nothing, no hops: traffic is lost there.
 */
export function kernelHops(
  engine: Engine,
  node: number,
  used: readonly SlotCandidate[],
  family: FamilyName,
): readonly Hop[] | null {
  const router = routerAt(engine.topology, node);
  const kernel = kernelOf(engine, node, router, family);
  const best = engine.best[node];
  const hops = kernel && best ? exportedHops(engine, node, router, best, family) : null;
  if (!kernel || !hops || hops.length === 0) return hops;
  const others = used.filter((one) => one !== best);
  const theirs = others.flatMap((one) => exportedHops(engine, node, router, one, family) ?? []);
  return theirs.length === 0 ? hops : lowest([...hops, ...theirs], kernel.mergePaths);
}

/** The kernel protocol of the very table that the node is. */
function kernelOf(
  { topology }: Engine,
  node: number,
  { config }: Router,
  family: FamilyName,
): KernelExport | null {
  const kernel = config.table?.kernel[family];
  return kernel && (kernel.table ?? null) === tableOf(topology, node) ? kernel : null;
}

/** Where a path leads once the export policy has seen it, which may make a black hole of it; null: it is not exported. */
function exportedHops(
  engine: Engine,
  node: number,
  router: Router,
  candidate: SlotCandidate,
  family: FamilyName,
): readonly Hop[] | null {
  const exported = passesKernel(router, candidate, engine, family);
  if (exported === null) return null;
  const { destination } = exported;
  if (destination && destination !== candidate.path.destination) return destination.hops;
  return tableHops(engine, node, router, candidate);
}

/** Next hops by address, each once, until the limit is reached: those of the best path need not be among them (BIRD's nexthop_merge). */
function lowest(hops: readonly Hop[], limit: number): readonly Hop[] {
  const each = new Map(hops.map((hop) => [`${hop.gateway?.text ?? ''}%${hop.interface}`, hop]));
  return [...each.values()].sort(byGateway).slice(0, limit);
}

/** The path as the kernel protocol gets it; null: not at all. */
/** Why the kernel protocol does not export a path; null: it does, or there is none. */
export function keptFromKernel(
  engine: Engine,
  node: number,
  candidate: Candidate,
  family: FamilyName,
): 'no kernel protocol' | 'its own' | PolicyReason | null {
  const router = routerAt(engine.topology, node);
  const kernel = kernelOf(engine, node, router, family);
  if (!kernel) return 'no kernel protocol';
  if (candidate.peer === null && candidate.path.destination?.protocol === kernel.protocol) return 'its own';
  const verdict = pathVerdict(router, kernel.policy, engine.prefix, candidate);
  return verdict.verdict === 'reject' ? verdict.reason : null;
}

function passesKernel(
  router: Router,
  candidate: Candidate,
  { prefix }: Engine,
  family: FamilyName,
): PathData | null {
  const kernel = router.config.table?.kernel[family];
  if (!kernel || (candidate.peer === null && candidate.path.destination?.protocol === kernel.protocol))
    return null;
  const verdict = pathVerdict(router, kernel.policy, prefix, candidate);
  return verdict.verdict === 'accept' ? verdict.path : null;
}

function tableHops(engine: Engine, node: number, router: Router, candidate: SlotCandidate): readonly Hop[] {
  if (candidate.peer === null) return candidate.path.destination?.hops ?? [];
  const resolved = resolutionOf(engine, node, router, candidate);
  return resolved?.problem === null ? resolved.hops : [];
}

/** The BGP routes that routers with one table chose for the prefix the engine holds, by node. */
export function tableEntries(engine: Engine): ReadonlyMap<number, TableEntry> {
  const entries = new Map<number, TableEntry>();
  for (const node of engine.touched) {
    const router = routerAt(engine.topology, node);
    const best = engine.best[node];
    if (!router.config.table || !best?.peer) continue;
    entries.set(node, {
      // One route that leans on others is enough, chosen or not (`rt_update_hostentry`).
      recursive: (engine.lists[node] ?? []).some(
        (one) => leansOnOthers(engine, one) && one.path.weight >= best.path.weight,
      ),
      doubtful: !leansOnOthers(engine, best),
      metric: setMetric(best.path),
      unreachable: (best.unresolved ?? null) !== null,
      hops: tableHops(engine, node, router, best),
    });
  }
  return entries;
}

/** Copies lean on nothing: they are told anew when their source leads elsewhere. */
function leansOnOthers({ topology }: Engine, { slot, peer, path }: SlotCandidate): boolean {
  return peer?.options.gateway === 'recursive' && !path.destination && copyAt(topology, slot) === null;
}

/** To see whether they changed. */
export function entriesText(entries: ReadonlyMap<number, TableEntry> | undefined): string {
  return [...(entries ?? [])]
    .map(([node, { recursive, unreachable, metric, hops }]) => {
      const ways = hops.map((hop) => `${hop.gateway?.text ?? ''}%${hop.interface}`).join();
      return `${node} ${recursive} ${unreachable} ${metric} ${ways}`;
    })
    .sort()
    .join(';');
}
