import { expect, it } from 'vitest';
import { remedyOf } from '../../src/simulator/checks/session-remedies.ts';

it.each([
  ['OPEN refused: peer announced AS 65002, 65534 expected (NOTIFICATION 2/2)', 'remote-as'],
  ['r1 refused the OPEN: it expects AS 65534, not 65002 (NOTIFICATION 2/2)', 'remote-as'],
  ['OPEN refused: router id 0.0.0.0 is not valid (NOTIFICATION 2/3)', 'a router id'],
  ['OPEN refused: both ends have router id 1.1.1.1 (NOTIFICATION 2/3)', 'another router id'],
  ['OPEN refused: a peer wants a peer, the other end is a provider (NOTIFICATION 2/11)', 'roles'],
  ['only one end has a password (TCP MD5)', 'password'],
  ['the passwords of the two ends differ (TCP MD5)', 'password'],
  ['OPEN refused: hold time 2 s is below 3 (NOTIFICATION 2/6)', 'hold time'],
  ['no address family is activated on both ends (NOTIFICATION 2/7)', 'address family'],
  ['r2 does not speak BGP', 'the findings about its files'],
  ['r2 has no neighbor 10.0.0.1', 'as a neighbor over there'],
  ['r2 has one neighbor 10.0.0.1 for several of this host, and which of them comes up is a race', 'once'],
  ['r2 has the session shut down', 'shutdown'],
  ['r2 does not listen on port 179', 'port'],
  ['r2 takes calls to 10.9.0.2 only, not to 10.0.0.2', 'the address that is called'],
  ['nobody has the address 10.0.0.9', 'address of the neighbor'],
  ['10.0.0.1 is an own address', 'the other end'],
  [
    '10.0.0.2 is not directly connected, and neither ebgp-multihop nor disable-connected-check is set',
    'one network',
  ],
  ['10.0.0.2 is on no own network, and multihop is not set', 'one network'],
  ['10.0.0.2 does not answer on eth0', 'same link'],
  ['10.2.0.2 is 2 hops away, TTL allows 1', 'as many hops'],
  ['packets arrive with TTL 1, TTL security asks for 255', 'TTL security'],
  ['update-source 10.7.7.7 is not an address of this host', 'of this host'],
  [
    'calls to fe80::2 come from the link-local address that the kernel gave the interface, which no file names',
    'own link-local address',
  ],
  ['interface lo has no address to reach 2001:db8::1 from', 'an address of the family'],
  ['no route to 10.0.0.2', 'a route'],
  ['r2 cannot answer: no route to 10.0.0.1', 'a route'],
  ['the way to 10.0.0.2 goes in a circle', 'a route'],
  ['interface eth7 is missing', 'an interface that the host has'],
  ['interface eth0 is down or not connected', 'interface up'],
  ['nobody on eth0 has an interface neighbor there', 'exactly one router'],
  ['several routers on eth0 have an interface neighbor there', 'exactly one router'],
  ['maximum-prefix 5 exceeded: 7 prefixes (NOTIFICATION 6/1)', 'limit'],
  ['this end is passive and the other does not connect', 'passive'],
  ['this end is passive and no connection arrived', 'passive'],
])('%s', (reason, words) => {
  expect(remedyOf(reason)).toContain(words);
});
