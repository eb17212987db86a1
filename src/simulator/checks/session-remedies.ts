import type { SessionEnd } from '../sessions/sessions.ts';

/** What helps, by words of the reason; the first that fits. `test/simulator/session-remedies.test.ts` holds every reason against it. */
const remedies: readonly (readonly [reason: RegExp, remedy: string])[] = [
  [
    /peer announced AS|it expects AS/,
    'make remote-as of one end the AS that the other end has (its local-as, where it says one)',
  ],
  [/router id .* is not valid/, 'give the router a router id'],
  [/both ends have router id/, 'give one of the two another router id'],
  [
    /NOTIFICATION 2\/11/,
    'give the two ends roles that go together: provider and customer, rs-server and rs-client, or peer and peer',
  ],
  [/passwords? /, 'give both ends the same password, or neither one'],
  [/hold time/, 'set a hold time of 3 s or more, or 0'],
  [/no address family/, 'activate an address family on both ends'],
  [
    /does not speak BGP/,
    'let that host run BGP: it has no configuration for it, an event stopped it, or the findings about its files say why it does not start',
  ],
  [
    /has one neighbor \S+ for several/,
    'let the two ends name each other once, by one pair of addresses, and take the other neighbor out here',
  ],
  [
    /has no neighbor/,
    'add this end as a neighbor over there, under the address its packets come from, or take the neighbor out here',
  ],
  [/has the session shut down/, 'take back the shutdown over there, or shut this end down too'],
  [
    /takes calls to \S+ only/,
    'let that end name the address that is called as its own of the session (local-address, source address)',
  ],
  [/does not listen on port/, 'let the other end call, or set the same port on both ends'],
  [
    /nobody has the address/,
    'correct the address of the neighbor, or give the other end that address on an interface that is up',
  ],
  [
    /is an own address|leads to the host itself/,
    'name the address of the other end: this one belongs to the host itself',
  ],
  [
    /is the broadcast address/,
    'give the host another address than the last one of the network, or both ends the same length',
  ],
  [
    /not directly connected|is on no own network/,
    'give both ends addresses in one network on interfaces that are up, or say that the neighbor may be further away (ebgp-multihop, multihop)',
  ],
  [/does not answer on/, 'connect both interfaces to the same link, and see that they are up'],
  [/TTL security/, 'ask for TTL security on both ends or on neither one'],
  [/TTL allows|TTL/, 'allow as many hops as the way has, on both ends (ebgp-multihop, multihop)'],
  [
    /link-local address that the kernel gave/,
    'name the own link-local address of the session (local, update-source), or let the interface be the neighbor',
  ],
  [/update-source/, 'name an address or interface of this host'],
  [/has no address to reach/, 'give that interface an address of the family of the neighbor'],
  [/no route to|goes in a circle/, 'give the host a route to the neighbor that leads there'],
  [/interface .* is missing/, 'name an interface that the host has'],
  [/interface .* is down/, 'set the interface up, or connect it'],
  [
    /ha(?:s|ve) an interface neighbor there/,
    'let exactly one router at the other end of the link name its interface as a neighbor',
  ],
  [/prefixes/, 'raise the limit, or keep the prefixes back where they come from'],
  [/passive/, 'let one of the two ends call: take passive out there'],
];

const ANY =
  'make both ends agree on addresses, AS numbers, families and password, or shut the session down on purpose';

/** What to do about a session that does not come up, from what the two ends say. */
export function remedyFor(end: SessionEnd, other: SessionEnd | null): string {
  return remedyOf(end.reason) ?? remedyOf(other?.reason ?? '') ?? ANY;
}

/** Words of an end that only feels what is wrong at the other one, which says something else. */
const FELT =
  /does not listen on port|takes calls to \S+ only|has no neighbor|no connection arrived|does not connect$/;

export function isFelt(reason: string): boolean {
  return FELT.test(reason);
}

export function remedyOf(reason: string): string | null {
  return remedies.find(([words]) => words.test(reason))?.[1] ?? null;
}
