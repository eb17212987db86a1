import { nearestName } from '../../base/nearest.ts';
import { formatSource, type SourceRange } from '../../base/source.ts';
import type { Host, Neighbor, PeerGroup, Session, SessionVerdict } from '../../model/fabric.ts';
import { canMeet, offeredAsn, timersOf } from '../../model/session-verdict.ts';
import { listed, placeOf, type RuleContext } from './context.ts';
import type { Finding, Rule } from './rule.ts';

/** One session as its rule sees it. `other`: what the remote end says of it, its listen range included. */
interface Seen {
  readonly context: RuleContext;
  readonly session: Session;
  readonly host: Host;
  readonly neighbor: Neighbor;
  readonly remote: Host | null;
  readonly other: Neighbor | PeerGroup | null;
}

type Words = (seen: Seen) => Omit<Finding, 'host' | 'at'> & { readonly at?: SourceRange };

/** A row per verdict: the session verdicts of the model in words. */
function sessionRule(
  id: Rule['id'],
  verdict: SessionVerdict,
  severity: Rule['severity'],
  words: Words,
): Rule {
  return { id, severity, check: (context) => findings(context, verdict, words) };
}

function* findings(context: RuleContext, verdict: SessionVerdict, words: Words): Iterable<Finding> {
  for (const session of context.fabric.sessions) {
    if (session.verdict !== verdict) continue;
    const host = context.host(session.a.host);
    const { neighbor } = session.a;
    // A session that is shut down on purpose may be wrong in every other way.
    if (!host || !neighbor || neighbor.shutdown || session.b?.neighbor?.shutdown) continue;
    const remote = session.b && context.host(session.b.host);
    const other =
      session.b?.neighbor ?? (remote ? context.ends.rangeFor(remote, neighbor.localAddress) : null);
    const seen = { context, session, host, neighbor, remote, other };
    yield { host, at: neighbor.source, ...words(seen) };
  }
}

function otherEnd({ other, remote }: Seen): Finding['related'] {
  if (other) return [{ ...other.source, note: `what ${remote?.name ?? 'the other end'} says` }];
  if (!remote) return [];
  return remote.vars.has('bgp_neighbors')
    ? [{ ...placeOf(remote, 'bgp_neighbors'), note: `bgp_neighbors of ${remote.name}` }]
    : [{ ...remote.source, note: `${remote.name} is defined here` }];
}

const halfOpen: Words = (seen) => {
  const { host, neighbor, remote } = seen;
  const name = remote?.name ?? '';
  const own = neighbor.localAddress?.text ?? '';
  const elsewhere = remote?.bgp?.neighbors.find((one) => one.remoteHost === host.name);
  const silent = remote?.bgp ? `${name} has no neighbor ${own}` : `${name} does not speak BGP`;
  return {
    // An entry that a group gives to its members is half open for all of them.
    ...(elsewhere ? {} : { shared: `${formatSource(neighbor.source)} ${name}` }),
    message: `${host.name} wants a session with ${name} (${neighbor.address.text}), but ${silent}`,
    related: otherEnd(seen),
    ...(elsewhere
      ? { found: `${name} speaks with ${host.name} at ${elsewhere.address.text}`, expected: own }
      : {}),
    fix: elsewhere
      ? 'let both ends use the same pair of addresses: choose with interface, segment or update_source'
      : remote?.bgp
        ? `add host: ${host.name} to bgp_neighbors of ${name}, or remove the neighbor from ${host.name}`
        : `give ${name} a bgp_asn and the neighbor ${host.name}, or remove the neighbor from ${host.name}`,
  };
};

const unknownRemote: Words = ({ context, host, neighbor }) => {
  const around = host.interfaces.flatMap((one) => (one.segment === null ? [] : [one.segment]));
  const members = context.fabric.segments
    .filter((segment) => around.includes(segment.name))
    .flatMap((segment) => segment.members);
  const addresses = members.slice(0, 1000).flatMap((member) => {
    const of = context.host(member.host)?.interfaces.find((one) => one.name === member.interface);
    return member.host === host.name ? [] : (of?.addresses.map((one) => one.address.text) ?? []);
  });
  const nearest = nearestName(neighbor.address.text, addresses, 1);
  return {
    message: `${host.name} has the neighbor ${neighbor.address.text}, an address no host of the inventory has`,
    found: neighbor.address.text,
    expected: 'the address of a host',
    ...(nearest === null ? {} : { nearest }),
    fix: 'correct the address, or add the remote router to the inventory as a host with bgp_daemon: external, so that the session can be checked and simulated',
  };
};

const severalRemotes: Words = ({ context, host, neighbor }) => {
  const owners = context.ends.ownersOf(neighbor.address);
  return {
    message: `${host.name} has the neighbor ${neighbor.address.text}, an address of ${listed(owners.map((one) => one.name))}`,
    related: owners.slice(0, 5).map((one) => ({ ...placeOfAddress(one, neighbor), note: one.name })),
    found: listed(owners.map((one) => one.name)),
    expected: 'one host with this address',
    fix: 'give each host an address of its own and use that one',
  };
};

function placeOfAddress(owner: Host, neighbor: Neighbor): SourceRange {
  const has = owner.interfaces.find((one) =>
    one.addresses.some((entry) => entry.address.text === neighbor.address.text),
  );
  return has?.source ?? owner.docker?.source ?? owner.source;
}

const noLocalAddress: Words = ({ host, neighbor, remote }) => ({
  message: `${host.name} has no address to speak from with ${remote?.name ?? ''} (${neighbor.address.text})`,
  found: listed(
    host.interfaces.flatMap((one) => one.addresses.map((entry) => entry.text)),
    3,
  ),
  expected: `an address in the network of ${neighbor.address.text}, or update_source`,
  fix: 'add update_source with an own address or interface (lo for loopback sessions), or correct net_interfaces',
});

const asnMismatch: Words = (seen) => {
  const { host, neighbor, remote, other } = seen;
  const name = remote?.name ?? 'the other end';
  const theirs = remote && offeredAsn(remote, other);
  const own = offeredAsn(host, neighbor);
  const wrongHere = neighbor.remoteAs !== theirs;
  const expected = other && 'remoteAs' in other ? other.remoteAs : null;
  const [who, wants, whom, has] = wrongHere
    ? [host.name, neighbor.remoteAs, name, theirs]
    : [name, expected, host.name, own];
  return {
    message: `${host.name} and ${name} disagree on an ASN: ${who} expects AS ${wants} of ${whom}, which has AS ${has}`,
    at: wrongHere || !other ? neighbor.source : other.source,
    related: wrongHere ? otherEnd(seen) : [{ ...neighbor.source, note: `what ${host.name} says` }],
    found: `AS ${wants}`,
    expected: `AS ${has}`,
    fix: `let ${who} expect AS ${has} (between hosts of the inventory asn can be left out), or correct bgp_asn or local_as of ${whom}`,
  };
};

const bothPassive: Words = (seen) => ({
  message: `${seen.host.name} and ${seen.remote?.name ?? ''} (${seen.neighbor.address.text}) both wait for the other to connect`,
  related: otherEnd(seen),
  found: seen.session.b?.neighbor ? 'passive on both ends' : 'passive, towards a listen range',
  expected: 'one end that connects',
  fix: `remove passive from the neighbor of ${seen.host.name}`,
});

const password: Words = (seen) => {
  const { host, neighbor, remote, other } = seen;
  const [with_, without] = neighbor.password ? [host.name, remote?.name] : [remote?.name, host.name];
  const oneSided = !neighbor.password || !other?.password;
  return {
    message: oneSided
      ? `${host.name} and ${remote?.name} (${neighbor.address.text}) do not share a password: ${with_} has one, ${without} has none`
      : `${host.name} and ${remote?.name} (${neighbor.address.text}) have different passwords`,
    related: otherEnd(seen),
    fix: 'give both ends the same password, for example in the vars of a common group',
  };
};

const timers: Words = (seen) => {
  const { host, neighbor, remote, other } = seen;
  const own = timersOf(host, neighbor);
  const theirs = remote && other ? timersOf(remote, other) : null;
  const [who, bad] = canMeet(own) ? [remote?.name, theirs] : [host.name, own];
  const at = timersPlace(canMeet(own) ? remote : host, canMeet(own) ? other : neighbor) ?? neighbor.source;
  return {
    shared: `${formatSource(at)} ${bad?.keepalive} ${bad?.hold}`,
    message: `the session of ${host.name} and ${remote?.name} (${neighbor.address.text}) cannot stay up: ${who} sends a KEEPALIVE every ${bad?.keepalive} s and gives up after ${bad?.hold} s`,
    at,
    related: [{ ...neighbor.source, note: `what ${host.name} says` }, ...(otherEnd(seen) ?? [])],
    found: `keepalive ${bad?.keepalive}, hold ${bad?.hold}`,
    expected: 'hold 0, or at least 3 and three times keepalive',
    fix: `give ${who} a hold of at least three times keepalive`,
  };
};

function timersPlace(host: Host | null, end: Neighbor | PeerGroup | null): SourceRange | null {
  if (end?.timers) return end.source;
  return host?.vars.has('bgp_timers') ? placeOf(host, 'bgp_timers') : null;
}

const families: Words = (seen) => {
  const { host, neighbor, remote, other, session } = seen;
  const here = neighbor.families.map((name) => name.slice(0, 4));
  const there = (other?.families ?? []).map((name) => name.slice(0, 4));
  const none = session.families.length === 0;
  return {
    severity: none ? 'error' : 'warning',
    message: `${host.name} and ${remote?.name} (${neighbor.address.text}) activate different families: ${host.name} ${listed(here)}, ${remote?.name} ${listed(there)}${none ? '; nothing is exchanged' : ''}`,
    related: otherEnd(seen),
    found: `${listed(here)} against ${listed(there)}`,
    expected: 'the same families on both ends',
    fix: 'write the same families on both neighbor entries, or remove them so that they are derived',
  };
};

export const sessionRules: readonly Rule[] = [
  sessionRule('session-half-open', 'half-open', 'error', halfOpen),
  sessionRule('session-unknown-remote', 'unknown-remote', 'warning', unknownRemote),
  sessionRule('session-several-remotes', 'several-remotes', 'error', severalRemotes),
  sessionRule('session-no-local-address', 'no-local-address', 'error', noLocalAddress),
  sessionRule('session-asn-mismatch', 'asn-mismatch', 'error', asnMismatch),
  sessionRule('session-both-passive', 'both-passive', 'error', bothPassive),
  sessionRule('session-password', 'password-mismatch', 'error', password),
  sessionRule('session-timers', 'timers', 'error', timers),
  sessionRule('session-family-mismatch', 'family-mismatch', 'warning', families),
];
