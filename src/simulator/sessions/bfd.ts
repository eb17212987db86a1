import { type Address, contains } from '../../base/ip.ts';
import type { RouterConfig } from '../../bgp/config.ts';
import { interfaceTowards } from '../compact/node-index.ts';
import { neighborAt, type WiredNode, type Wiring } from '../kernel/wiring.ts';
import type { SessionEnd } from './sessions.ts';

/**
 * The wiring with what BFD (RFC 5880) says to static routes that ask it: which of their gateways answer. `before` as in `rewire`: a node
 * whose gateways answer as they did stays the object it was.
 */
export function withAnswering(wiring: Wiring, before: Wiring | null): Wiring {
  if (wiring === before || !wiring.nodes.some(({ node }) => node.router?.bfd)) return wiring;
  const nodes = wiring.nodes.map((wired) => {
    const asked = watchedGateways(wired.node.router);
    if (asked.length === 0) return wired;
    const answering = new Set(asked.filter((via) => answers(wiring, wired, via)).map(({ text }) => text));
    const known = wired.answering ?? new Set();
    if (wired.answering && answering.size === known.size && [...answering].every((one) => known.has(one)))
      return wired;
    return { ...wired, answering };
  });
  return { ...wiring, nodes };
}

function watchedGateways(router: RouterConfig | null): readonly Address[] {
  const routes = (router?.bfd && router.table?.protocols.flatMap(({ routes }) => routes)) ?? [];
  return routes.flatMap(({ hops }) => hops.flatMap(({ via, bfd }) => (bfd && via ? [via] : [])));
}

/** Is somebody there who watches this end as well? */
function answers(wiring: Wiring, wired: WiredNode, via: Address): boolean {
  const near = interfaceTowards(wired, via);
  const own = near?.addresses.find(({ network }) => contains(network, via));
  const there = near && neighborAt(wiring, near, via.text);
  const router = there && wiring.nodes[there.node]?.node.router;
  return (
    own !== undefined &&
    router != null &&
    runsBfd(wired.node.router, via, true) &&
    watches(router, own.address, true)
  );
}

/** Does each of the two watch over the other? Both have to: nobody answers who does not ask. */
export function watchEachOther(
  a: readonly [SessionEnd, RouterConfig | undefined],
  b: readonly [SessionEnd, RouterConfig | undefined],
): boolean {
  return [a, b].every(([{ peerAddress, config }, router]) =>
    router && peerAddress ? watches(router, peerAddress, config.singleHop === true) : false,
  );
}

/** Has a daemon that runs a BFD session with the address: asked for by BGP, a static route or by itself? */
function watches(router: RouterConfig, address: Address, direct: boolean): boolean {
  const { bgp, bfd = [] } = router;
  if (!bgp) return false;
  const named = bfd.some(({ neighbors }) =>
    neighbors.some((one) => one.address.text === address.text && one.multihop !== direct),
  );
  if (named) return true;
  if (!runsBfd(router, address, direct)) return false;
  if (direct && watchedGateways(router).some(({ text }) => text === address.text)) return true;
  return bgp.peers.some(
    (peer) =>
      peer.habits?.watchedByBfd !== undefined &&
      !peer.shutdown &&
      peer.address?.text === address.text &&
      (peer.singleHop === true) === direct,
  );
}

/** Does an instance take what is asked of it? */
function runsBfd(router: RouterConfig | null, address: Address, direct: boolean): boolean {
  return (router?.bfd ?? []).some(
    (one) => one.families.includes(address.family) && (direct ? one.direct : one.multihop),
  );
}
