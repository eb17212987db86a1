import { parsePrefix } from '../../base/ip.ts';
import { type KernelOperation, wayText } from './plan.ts';

/** Whose routes these are in the kernel (`/etc/iproute2/rt_protos`), and how they rank among others for the same destination. */
export interface KernelMark {
  /** 1 to 255; every route of it in the main table counts as ours. */
  readonly protocol: number;
  readonly metric: number;
}

/** One line of `ip -batch`. */
export function batchLine(operation: KernelOperation, { protocol, metric }: KernelMark): string {
  const { kind, prefix } = operation;
  const marks = `proto ${protocol} metric ${metric}`;
  // Without a family the word "default" would be IPv4; the prefix is always written out.
  if (kind === 'delete') return `route del ${prefix} table main ${marks}`;
  // RFC 8950: an IPv4 destination behind an IPv6 gateway has to be asked for as such.
  const way = prefix.includes(':')
    ? operation.way
    : operation.way.replaceAll(/\bvia (?=\S*:)/g, 'via inet6 ');
  return `route ${kind} ${prefix} table main ${marks} ${way}`;
}

/** A line of the batch that the kernel did not take, from 0, and why. */
export interface BatchFailure {
  readonly line: number;
  readonly words: string;
}

/** What `ip -force -batch -` says on standard error: a message, then the line it was about. */
export function batchFailures(text: string): readonly BatchFailure[] {
  const failures: BatchFailure[] = [];
  let words = '';
  for (const line of text.split('\n')) {
    const failed = /^Command failed -:(\d+)/.exec(line);
    if (failed) {
      failures.push({ line: Number(failed[1]) - 1, words: words || 'refused' });
      words = '';
    } else if (line.trim() !== '') words = line.replace(/^(?:RTNETLINK answers|Error): /, '').trim();
  }
  return failures;
}

interface JsonHop {
  readonly gateway?: string;
  readonly via?: { readonly host?: string };
  readonly dev?: string;
}

interface JsonRoute extends JsonHop {
  readonly dst?: string;
  readonly metric?: number;
  readonly nexthops?: readonly JsonHop[];
}

/** A route of ours as it stands in the kernel; another metric is that of an earlier run. */
export interface StandingRoute {
  readonly prefix: string;
  readonly way: string;
  readonly metric: number;
}

/** Reads `ip -json route show`; what has no prefix is left out. IPv6 has a route per next hop where it was not made as one. */
export function standingRoutes(text: string, family: 4 | 6): readonly StandingRoute[] {
  const list = text.trim() === '' ? [] : (JSON.parse(text) as readonly JsonRoute[]);
  return list.flatMap((route) => {
    const prefix = parsePrefix(prefixText(route.dst ?? '', family));
    if (!prefix) return [];
    const hops = (route.nexthops ?? [route]).map(({ gateway, via, dev }) => ({
      gateway: gateway ?? via?.host ?? '',
      interface: dev ?? '',
    }));
    hops.sort((a, b) => (hopKey(a) < hopKey(b) ? -1 : 1));
    return [{ prefix: prefix.text, way: wayText(hops), metric: route.metric ?? 0 }];
  });
}

function hopKey(hop: { readonly gateway: string; readonly interface: string }): string {
  return `${hop.gateway}%${hop.interface}`;
}

function prefixText(destination: string, family: 4 | 6): string {
  if (destination === 'default') return family === 4 ? '0.0.0.0/0' : '::/0';
  return destination.includes('/') ? destination : `${destination}/${family === 4 ? 32 : 128}`;
}
