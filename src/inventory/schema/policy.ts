import { Type } from '@sinclair/typebox';
import { count, nameOf, oneOrMore, prefix, text, unsigned32, words } from './scalars.ts';

const action = words(['permit', 'deny'], 'permit: accept and apply `set`; deny: refuse.');
const seq = Type.Optional(count('Position; by default 10, 20, 30 and so on.', 1, 4294967295));
const origin = words(['igp', 'egp', 'incomplete'], 'ORIGIN attribute.');

/** An absolute number, or `+50` / `-50`. */
function amount(description: string) {
  return Type.Union(
    [Type.Integer({ minimum: 0, maximum: 4294967295 }), Type.String({ pattern: '^[+-]?[0-9]{1,10}$' })],
    {
      title: 'a number, or a change in quotes like "+50"',
      description,
      examples: [222, '+50'],
    },
  );
}

function asns(description: string) {
  const one = Type.Integer({ minimum: 1, maximum: 4294967295 });
  return Type.Union([one, Type.Array(one, { minItems: 1 }), Type.String({ pattern: '^[0-9]+( [0-9]+)*$' })], {
    title: 'an AS number or a list of them',
    description,
    examples: [[65500, 65500]],
  });
}

function communities(what: string, example: string) {
  return oneOrMore(
    Type.String({
      title: `a text in quotes like "${example}"`,
      pattern: '^[A-Za-z0-9:-]+$',
      examples: [example],
    }),
    `a text in quotes like "${example}", or a list of them`,
    what,
  );
}

const match = Type.Object(
  {
    prefix_list: Type.Optional(nameOf('IPv4 prefix is in this prefix-list.', 'lan')),
    ipv6_prefix_list: Type.Optional(nameOf('IPv6 prefix is in this prefix-list.', 'lan6')),
    next_hop_prefix_list: Type.Optional(nameOf('Next hop is in this prefix-list.', 'spines')),
    as_path_list: Type.Optional(nameOf('AS path fits this list.', 'short-paths')),
    community_list: Type.Optional(nameOf('Communities fit this list.', 'blackhole')),
    community_exact: Type.Optional(
      Type.Boolean({ description: 'No other community may be present.', default: false }),
    ),
    large_community_list: Type.Optional(nameOf('Large communities fit this list.', 'region')),
    local_preference: Type.Optional(unsigned32('LOCAL_PREF is this.')),
    metric: Type.Optional(unsigned32('MED is this.')),
    origin: Type.Optional(origin),
    peer: Type.Optional(text('Address of the peer it came from or goes to, or `local`.', '10.0.0.2')),
    tag: Type.Optional(unsigned32('Tag of the static route.')),
    source_protocol: Type.Optional(
      words(['connected', 'static', 'kernel', 'bgp'], 'Where a redistributed route comes from.'),
    ),
  },
  {
    title: 'a mapping of conditions',
    description: 'All must hold; none: always.',
    additionalProperties: false,
  },
);

const set = Type.Object(
  {
    local_preference: Type.Optional(amount('LOCAL_PREF; higher wins.')),
    metric: Type.Optional(amount('MED; lower wins.')),
    weight: Type.Optional(count('Weight on this host; higher wins.', 0, 65535)),
    origin: Type.Optional(origin),
    as_path_prepend: Type.Optional(asns('Lengthen the AS path by these.')),
    as_path_exclude: Type.Optional(asns('Remove these from the AS path.')),
    community: Type.Optional(communities('Replace the communities; `none` removes all.', '65500:1')),
    community_additive: Type.Optional(Type.Boolean({ description: 'Add to what is there.', default: false })),
    community_delete: Type.Optional(nameOf('Remove what fits this community list.', 'internal')),
    large_community: Type.Optional(communities('Replace the large communities.', '65500:1:1')),
    large_community_additive: Type.Optional(
      Type.Boolean({ description: 'Add to what is there.', default: false }),
    ),
    next_hop: Type.Optional(text('An IPv4 address, `peer-address` or `unchanged`.', '192.0.2.1')),
    ipv6_next_hop: Type.Optional(text('An IPv6 address or `peer-address`.', '2001:db8::1')),
    tag: Type.Optional(unsigned32('Tag.')),
    src: Type.Optional(text('Source address of the kernel route.', '172.18.1.1')),
  },
  {
    title: 'a mapping of changes',
    description: 'Applied where the entry permits.',
    additionalProperties: false,
  },
);

export const routeMap = Type.Array(
  Type.Object(
    {
      seq,
      action,
      description: Type.Optional(text('Why this entry is here.', 'prefer the first uplink')),
      match: Type.Optional(match),
      set: Type.Optional(set),
      call: Type.Optional(nameOf('Another route-map that must permit too.', 'common')),
      on_match: Type.Optional(
        Type.Union([Type.Literal('next'), Type.Integer({ minimum: 1, maximum: 65535 })], {
          title: 'next or the seq of a later entry',
          description: 'Go on after a match: with the next entry or with this one.',
        }),
      ),
    },
    { title: 'a mapping with action, match and set', additionalProperties: false },
  ),
  {
    title: 'a list of entries',
    description: 'The first entry that matches decides; none: deny.',
    minItems: 1,
    examples: [[{ action: 'permit', set: { local_preference: 222 } }]],
  },
);

export const prefixList = Type.Array(
  Type.Union(
    [
      Type.String(),
      Type.Object(
        {
          seq,
          action,
          prefix: prefix('The network.'),
          ge: Type.Optional(count('Shortest length that fits.', 0, 128)),
          le: Type.Optional(count('Longest length that fits.', 0, 128)),
        },
        { additionalProperties: false },
      ),
    ],
    {
      title: '"permit 10.0.0.0/8 le 24" or a mapping with action, prefix, ge and le',
      examples: ['permit 10.0.0.0/8 le 24'],
    },
  ),
  { title: 'a list of entries', description: 'The first entry that fits decides; none: deny.', minItems: 1 },
);

/** `permit VALUE`, or {seq, action, KEY}. */
function textList<K extends string>(key: K, title: string, example: string) {
  const value = { [key]: text(title, example) } as Record<K, ReturnType<typeof text>>;
  return Type.Array(
    Type.Union([Type.String(), Type.Object({ seq, action, ...value }, { additionalProperties: false })], {
      title: `"permit ${example}" or a mapping with action and ${key}`,
      examples: [`permit ${example}`],
    }),
    {
      title: 'a list of entries',
      description: 'The first entry that fits decides; none: deny.',
      minItems: 1,
    },
  );
}

export const asPathList = textList('regex', 'Regular expression over the AS path.', '^65001_');
export const communityList = textList(
  'value',
  'Communities separated by blanks, or a regular expression.',
  '65500:1',
);
export const largeCommunityList = textList(
  'value',
  'Large communities separated by blanks, or a regular expression.',
  '65500:1:1',
);
