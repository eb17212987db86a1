import { parseAddress } from '../../../../base/ip.ts';
import type { BgpRole } from '../../../../bgp/peer-config.ts';
import type { SessionDraft } from '../draft.ts';
import type { Arguments } from '../grammar.ts';
import type { FamilyCommand, Reading } from '../reading.ts';
import { asnOf } from '../tokens.ts';
import { takenFrom, takenWithAnotherAs } from './by-kind.ts';
import {
  frr10Only,
  frrOnly,
  harmless,
  modelled,
  numberOf,
  peerId,
  text,
  timersOf,
  unmodelled,
} from './make.ts';
import { bind, interfacePeer, makeGroup, setRemoteAs } from './membership.ts';

const frr = { dialects: frrOnly } as const;

function removePeer(reading: Reading, args: Arguments, negated: boolean): void {
  if (negated) reading.router.peers.delete(peerId(args));
  else reading.unrecognised('`neighbor X` alone says nothing');
}

/** A line of the session: sets a field, and `no` takes the neighbor's own value away (a member then has its group's). */
function session<K extends keyof SessionDraft>(
  words: string,
  key: K,
  value: (args: Arguments, reading: Reading) => SessionDraft[K],
  options: Partial<FamilyCommand> = {},
): FamilyCommand {
  return modelled(
    `neighbor {id:WORD} ${words}`,
    (reading, args, negated) => {
      const peer = reading.peer(peerId(args));
      if (!peer) return;
      if (negated) delete peer.session[key];
      else peer.session[key] = value(args, reading);
    },
    options,
  );
}

function ttlSecurity(reading: Reading, args: Arguments, negated: boolean): void {
  const peer = reading.peer(peerId(args));
  if (!peer) return;
  if (negated) delete peer.session.ttlSecurityHops;
  else if (peer.session.ebgpMultihop !== undefined)
    reading.refuse(
      `neighbor ${peer.id} has ebgp-multihop, so ttl-security is refused`,
      'Keep one of the two.',
    );
  else peer.session.ttlSecurityHops = numberOf(args, 'hops');
}

function timers(reading: Reading, args: Arguments, negated: boolean): void {
  const peer = reading.peer(peerId(args));
  if (!peer) return;
  if (negated) {
    delete peer.session.timers;
    return;
  }
  const read = timersOf(reading, args);
  if (read) peer.session.timers = read;
}

/** Where the instance's default is on, `no` switches it off for the neighbor. */
const enforceFirstAs = modelled(
  'neighbor {id:WORD} enforce-first-as',
  (reading, args, negated) => {
    const peer = reading.peer(peerId(args));
    if (peer) peer.session.enforceFirstAs = !negated;
  },
  frr,
);

const roles: readonly BgpRole[] = ['provider', 'rs-server', 'rs-client', 'customer', 'peer'];

function roleOf(word: string): BgpRole {
  return roles.find((role) => role === word) ?? 'peer';
}

const newer: readonly FamilyCommand[] = [
  ...unmodelled(
    ['neighbor {id:WORD} disable-link-bw-encoding-ieee'],
    'bandwidths are told as IEEE floats',
    true,
    frr,
  ),
  ...harmless(
    [
      'neighbor {id:WORD} capability fqdn',
      'neighbor {id:WORD} bfd strict [hold-time {seconds:1-4294967295}]',
      'neighbor {id:WORD} capability software-version',
      'neighbor {id:WORD} capability link-local',
      'neighbor {id:WORD} extended-link-bandwidth',
    ],
    { dialects: frr10Only },
  ),
  ...unmodelled(
    [
      'neighbor {id:WORD} path-attribute {text:LINE}',
      'neighbor {id:WORD} oad',
      'neighbor {id:WORD} ip-transparent',
      'neighbor {id:WORD} rpki strict',
      'neighbor {id:WORD} send-nexthop-characteristics',
    ],
    'this option of a neighbor is not simulated',
    true,
    { dialects: frr10Only },
  ),
];

/** Lines on a neighbor that concern its session, below `router bgp`. */
export const neighborCommands: readonly FamilyCommand[] = [
  ...newer,
  modelled('neighbor {id:WORD}', removePeer),
  modelled('neighbor {id:WORD} remote-as {as:ASN}', setRemoteAs),
  modelled('neighbor {id:WORD} remote-as {as=internal|external}', setRemoteAs, frr),
  ...unmodelled(['neighbor {id:WORD} remote-as auto'], 'automatic AS numbers are not simulated', true, {
    dialects: frr10Only,
  }),
  modelled('neighbor {id:WORD} peer-group', makeGroup),
  modelled('neighbor {id:WORD} peer-group {group:WORD}', bind),
  modelled('neighbor {id:WORD} interface [v6only] [remote-as {as:ASN}]', interfacePeer, frr),
  modelled('neighbor {id:WORD} interface [v6only] remote-as {as=internal|external}', interfacePeer, frr),
  modelled('neighbor {id:WORD} interface [v6only] peer-group {group:WORD}', interfacePeer, frr),
  takenFrom(
    'not internal',
    takenWithAnotherAs(
      session('local-as {asn:ASN} [no-prepend [replace-as]]', 'localAs', (args) => ({
        asn: asnOf(text(args, 'asn')) ?? 0,
        noPrepend: args.has('no-prepend'),
        replaceAs: args.has('replace-as'),
      })),
    ),
  ),
  session(
    'local-as {asn:ASN} no-prepend replace-as dual-as',
    'localAs',
    (args) => ({ asn: asnOf(text(args, 'asn')) ?? 0, noPrepend: true, replaceAs: true, dualAs: true }),
    { dialects: frr10Only },
  ),
  session('aigp', 'aigp', () => true, { dialects: frr10Only }),
  session('solo', 'solo', () => true, frr),
  session('sender-as-path-loop-detection', 'senderLoopCheck', () => true, frr),
  enforceFirstAs,
  session(
    'local-role {role=provider|rs-server|rs-client|customer|peer} [strict-mode]',
    'localRole',
    (args) => ({ role: roleOf(text(args, 'role')), strict: args.has('strict-mode') }),
    frr,
  ),
  session('description {text:LINE}', 'description', (args) => text(args, 'text')),
  session('shutdown', 'shutdown', () => true),
  session('shutdown message {text:LINE}', 'shutdown', () => true, frr),
  // No round trip of a simulated session takes milliseconds.
  ...harmless(['neighbor {id:WORD} shutdown rtt {ms:1-65535} [count {n:1-255}]'], frr),
  session('password {text:WORD}', 'password', (args) => text(args, 'text')),
  session('passive', 'passive', () => true),
  session('capability extended-nexthop', 'extendedNextHop', () => true, frr),
  session('port {port:U16}', 'port', (args) => numberOf(args, 'port')),
  session('ebgp-multihop', 'ebgpMultihop', () => 255),
  session('ebgp-multihop {ttl:TTL}', 'ebgpMultihop', (args) => numberOf(args, 'ttl')),
  modelled('neighbor {id:WORD} ttl-security hops {hops:HOPS}', ttlSecurity),
  session('disable-connected-check', 'disableConnectedCheck', () => true),
  session('enforce-multihop', 'disableConnectedCheck', () => true),
  session(
    'update-source {source:WORD}',
    'updateSource',
    (args) => parseAddress(text(args, 'source')) ?? { interface: text(args, 'source') },
  ),
  modelled('neighbor {id:WORD} timers {keepalive:U16} {hold:U16}', timers),
  session('timers connect {seconds:1-65535}', 'connectRetry', (args) => numberOf(args, 'seconds')),
  session('weight {weight:U16}', 'weight', (args) => numberOf(args, 'weight'), { dialects: ['quagga-1.2'] }),
  session('advertisement-interval {n:0-600}', 'advertisementInterval', (args) => numberOf(args, 'n')),
  session('graceful-restart', 'gracefulRestart', () => 'restart', frr),
  session('graceful-restart-helper', 'gracefulRestart', () => 'helper', frr),
  session('graceful-restart-disable', 'gracefulRestart', () => 'disable', frr),
  ...harmless([
    'neighbor {id:WORD} capability dynamic',
    'neighbor {id:WORD} strict-capability-match',
    'neighbor {id:ADDRESS} interface {name:WORD}',
  ]),
  ...harmless(
    [
      'neighbor {id:WORD} timers delayopen {n:1-240}',
      'neighbor {id:WORD} bfd',
      'neighbor {id:WORD} bfd {multiplier:2-255} {receive:50-60000} {transmit:50-60000}',
      'neighbor {id:WORD} bfd check-control-plane-failure',
      'neighbor {id:WORD} bfd profile {name:WORD}',
      'neighbor {id:WORD} tcp-mss {n:1-65535}',
      'neighbor {id:WORD} extended-optional-parameters',
      // No round trip of a lab or a rack is that long.
      'neighbor {id:WORD} shutdown rtt {ms:1-65535} [count {n:1-255}]',
    ],
    frr,
  ),
  ...unmodelled(
    ['neighbor {id:WORD} dont-capability-negotiate', 'neighbor {id:WORD} override-capability'],
    'capability negotiation is not simulated',
    true,
  ),
];
