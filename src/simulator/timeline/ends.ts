import { type Address, contains } from '../../base/ip.ts';
import { apartBy } from '../../bgp/peer-table.ts';
import { contentKey } from '../../bgp/policy/analyse.ts';
import type { PolicyChain } from '../../bgp/policy/types.ts';
import type { Router } from '../../bgp/router.ts';
import { neighborAt } from '../kernel/wiring.ts';
import type { SessionEnd } from '../sessions/sessions.ts';
import { type Ground, nearInterface, walk } from '../sessions/transport.ts';
import { isSingleHop } from './habits.ts';

/** Names one end of a session: the same in every state in which the session is there. */
export function endOf({ node, peerNode, localAddress, peerAddress, interface: near }: SessionEnd): string {
  return `${node}>${peerNode}|${localAddress?.text ?? near?.name ?? ''}|${peerAddress?.text ?? ''}`;
}

/** Names a session by both its ends. */
export function pairOf(a: SessionEnd, b: SessionEnd): string {
  const [first, second] = [endOf(a), endOf(b)].sort();
  return `${first} ${second}`;
}

/** Names the neighbor statement behind an end, or the caller a listen range took. */
export function neighborOf({ node, peerAddress, config }: SessionEnd): string {
  return `${node}|${peerAddress?.text ?? config.interface ?? ''}${apartBy(config)}`;
}

/** Names all neighbors of a node. */
export function daemonOf(node: number): string {
  return `${node}`;
}

/** Does its daemon run, as it did before? */
export function runs(
  {
    routers,
    started,
  }: { readonly routers: readonly (Router | null)[]; readonly started: ReadonlySet<number> },
  { node }: SessionEnd,
): boolean {
  return routers[node] != null && !started.has(node);
}

/** Do packets get from each of the two to the other, whatever their configurations say? */
export function connected(ground: Ground, a: SessionEnd, b: SessionEnd): boolean {
  return reaches(ground, a) && reaches(ground, b);
}

function reaches(ground: Ground, { node, peerAddress, peerNode, interface: near }: SessionEnd): boolean {
  const { wiring } = ground;
  if (peerAddress === null) {
    const own = wiring.nodes[node]?.interfaces.find(({ name }) => name === near?.name);
    return (
      own?.link != null && (wiring.links.get(own.link) ?? []).some((one) => one.node === peerNode) && own.up
    );
  }
  const direct = nearInterface(ground, node, peerAddress, near?.name ?? null);
  const neighbor = direct && neighborAt(wiring, direct, peerAddress.text);
  if (neighbor) return neighbor.node === peerNode;
  const walked = walk(ground, node, peerAddress);
  return typeof walked !== 'string' && walked.target.node === peerNode;
}

/** Has the node a way to its peer, as far as it can see for itself? */
export function seesWay(ground: Ground, end: SessionEnd): boolean {
  const { node, peerAddress, config } = end;
  if (peerAddress === null) {
    return ground.wiring.nodes[node]?.interfaces.find(({ name }) => name === config.interface)?.up ?? false;
  }
  if (nearInterface(ground, node, peerAddress, config.interface)) return true;
  return !isSingleHop(end) && ground.route(node, peerAddress) !== null;
}

/** Does the import policy say something else, or what else a path is judged by on arrival? */
export function importDiffers(a: SessionEnd, b: SessionEnd): boolean {
  return importKey(a) !== importKey(b);
}

/** What a chain of policies says. */
export function chainKey(chain: PolicyChain): string {
  return contentKey(said(chain));
}

function said(chain: PolicyChain | undefined): unknown {
  return chain?.map((policy) => policy.program?.key ?? policy);
}

function importKey({ config }: SessionEnd): string {
  return contentKey(
    Object.entries(config.families).map(([family, options]) => [
      family,
      said(options?.importPolicy),
      options?.weight,
      options?.gateway,
      options?.cost,
      options?.aigp,
    ]),
  );
}

/** What resets a session when it changes (seen on FRR 8.4: everything else is taken over softly or at the next start). */
export function parametersOf(end: SessionEnd, router: Router | null | undefined): string {
  const families = Object.entries(end.config.families).map(([family, options]) => [
    family,
    options?.routeReflectorClient ? (router?.clusterId ?? 0) : -1,
    options?.routeServerClient,
    options?.secondaryRoute,
    options?.addPathSend,
    options?.addPathReceive,
    options?.siteOfOrigin,
    options?.prefixFilter && [options.prefixFilter.sends, options.prefixFilter.takes],
  ]);
  return `${connectionOf(end, router)}${JSON.stringify([families, router?.bgp.rejectAsSets])}`;
}

/** The part of it that makes the connection another one. */
export function connectionOf(end: SessionEnd, router: Router | null | undefined): string {
  const { config, localAs, remoteAs, localAddress, peerAddress } = end;
  return JSON.stringify([
    router?.bgp.asn,
    router?.routerId,
    router?.publicAs,
    router?.bgp.rejectAsSets,
    localAs,
    config.localAs,
    remoteAs,
    localAddress?.text,
    config.updateSource &&
      ('text' in config.updateSource ? config.updateSource.text : config.updateSource.interface),
    config.port,
    config.passive,
    config.password,
    config.ebgpMultihop,
    config.ttlSecurityHops,
    config.disableConnectedCheck,
    config.resetBy,
    config.asked?.closed ?? 0,
    config.group,
    end.dynamic && peerAddress ? rangeOf(router, peerAddress) : null,
  ]);
}

/** The longest listen range that takes a caller; without the old one FRR deletes its callers, also where another takes them. */
function rangeOf(router: Router | null | undefined, caller: Address): string | undefined {
  const ranges = router?.bgp.listenRanges.filter(({ prefix }) => contains(prefix, caller)) ?? [];
  return ranges.toSorted((a, b) => b.prefix.length - a.prefix.length)[0]?.prefix.text;
}
