import { Type } from '@sinclair/typebox';
import {
  address,
  asn,
  count,
  families,
  familyWords,
  flag,
  nameOf,
  oneOrMore,
  prefix,
  text,
  timers,
  words,
} from './scalars.ts';

/** What a neighbor entry and a peer group may both say. An entry's own value wins over its group's. */
export const peerOptions = {
  asn: Type.Optional(asn),
  families: Type.Optional(families('Address families of the session; by default the family of its address.')),
  description: Type.Optional(text('Shown by the daemon beside the neighbor.', 'uplink to tor1')),
  password: Type.Optional(text('TCP MD5 password (RFC 2385); both ends need the same.', 's3cret')),
  timers: Type.Optional(timers),
  passive: Type.Optional(flag('Wait for the other end to connect.', false)),
  shutdown: Type.Optional(flag('Keep the session down.', false)),
  update_source: Type.Optional(
    text('Own address or interface the session is spoken from; `lo` makes it a loopback session.', 'lo'),
  ),
  ebgp_multihop: Type.Optional(
    Type.Union([Type.Boolean(), Type.Integer({ minimum: 1, maximum: 255 })], {
      title: 'true (255) or a TTL from 1 to 255',
      description: 'Allow an eBGP neighbor more than one hop away.',
    }),
  ),
  ttl_security: Type.Optional(count('Accept only packets from at most this many hops (RFC 5082).', 1, 254)),
  disable_connected_check: Type.Optional(
    flag('Allow a one-hop eBGP session between loopback addresses.', false),
  ),
  route_map_in: Type.Optional(nameOf('Route-map for what is received.', 'from-tor')),
  route_map_out: Type.Optional(nameOf('Route-map for what is sent.', 'to-tor')),
  prefix_list_in: Type.Optional(nameOf('Prefix-list for what is received.', 'accepted')),
  prefix_list_out: Type.Optional(nameOf('Prefix-list for what is sent.', 'announced')),
  as_path_list_in: Type.Optional(nameOf('AS-path list for what is received.', 'short-paths')),
  as_path_list_out: Type.Optional(nameOf('AS-path list for what is sent.', 'own-routes')),
  next_hop_self: Type.Optional(
    Type.Union([Type.Boolean(), Type.Literal('force')], {
      title: 'true, false or force',
      description:
        'Send the own address as next hop of routes learned over eBGP; `force`: of reflected routes too.',
    }),
  ),
  route_reflector_client: Type.Optional(flag('Reflect iBGP routes to this neighbor (RFC 4456).', false)),
  send_community: Type.Optional(flag('Send communities of every kind.', true)),
  allowas_in: Type.Optional(
    Type.Union([Type.Boolean(), Type.Integer({ minimum: 1, maximum: 10 })], {
      title: 'true (3) or a number from 1 to 10',
      description: 'How often the own ASN may stand in a received AS path.',
    }),
  ),
  as_override: Type.Optional(flag("Replace the neighbor's ASN by the own in what is sent.", false)),
  remove_private_as: Type.Optional(
    Type.Union([Type.Boolean(), Type.Literal('all'), Type.Literal('all replace-AS')], {
      title: 'true, false, all or "all replace-AS"',
      description: 'Strip private ASNs from what is sent.',
    }),
  ),
  local_as: Type.Optional(
    Type.Union(
      [
        asn,
        Type.Object(
          {
            asn,
            no_prepend: Type.Optional(flag('Do not add it to what is received.', false)),
            replace_as: Type.Optional(flag('Send it instead of the own ASN.', false)),
          },
          { additionalProperties: false },
        ),
      ],
      {
        title: 'an AS number, or a mapping with asn, no_prepend and replace_as',
        description: 'ASN this host pretends to have on the session (RFC 7705).',
      },
    ),
  ),
  weight: Type.Optional(count('Weight of what is received; stays on this host.', 0, 65535)),
  maximum_prefix: Type.Optional(
    count('End the session when more prefixes than this are received.', 1, 4294967295),
  ),
  default_originate: Type.Optional(flag('Send a default route.', false)),
  soft_reconfiguration: Type.Optional(flag('Keep what was received before policy.', false)),
};

export const neighbor = Type.Object(
  {
    group: Type.Optional(
      oneOrMore(
        nameOf('A group of the inventory.', 'docker_hosts'),
        'the name of a group, or a list of names',
        'Every other member of this group: two or more hosts that name their own group form a full mesh.',
      ),
    ),
    host: Type.Optional(
      oneOrMore(
        nameOf('A host of the inventory.', 'tor1'),
        'the name of a host, or a list of names',
        'A host of this inventory; address and ASN are derived.',
      ),
    ),
    address: Type.Optional(
      address('Address of a neighbor that is not in this inventory; give its asn.', '192.0.2.1'),
    ),
    interface: Type.Optional(
      nameOf('Own interface towards the neighbor, where several segments are shared.', 'eth1'),
    ),
    segment: Type.Optional(nameOf('Segment to use, where several are shared.', 'rack1')),
    via: Type.Optional(
      words(['segment', 'loopback'], 'loopback: between the addresses of `lo` on both ends.'),
    ),
    via_family: Type.Optional(
      words(
        [...familyWords, 'both'] as const,
        'Which address of the shared segment; both: one session per family.',
      ),
    ),
    shared_only: Type.Optional(
      flag(
        'Skip the members of the group with which no segment is shared, instead of reporting them.',
        false,
      ),
    ),
    peer_group: Type.Optional(nameOf('A name of bgp_peer_groups whose options it inherits.', 'fabric')),
    ...peerOptions,
  },
  {
    title: 'a mapping with one of group, host or address',
    additionalProperties: false,
    examples: [{ group: 'docker_hosts' }, { host: ['tor1', 'tor2'] }, { address: '192.0.2.1', asn: 64512 }],
  },
);

export const peerGroup = Type.Object(peerOptions, {
  title: 'a mapping of neighbor options',
  additionalProperties: false,
});

export const listenRange = Type.Object(
  {
    range: prefix('Addresses that may connect.'),
    peer_group: nameOf('A name of bgp_peer_groups.', 'servers'),
  },
  { title: 'a mapping with range and peer_group', additionalProperties: false },
);
