import { carriedFamilies, familyNames } from '../../base/family.ts';

/** A JSON schema as ajv and OpenAPI 3.1 both read it. */
export type Schema = Readonly<Record<string, unknown>>;

const prefix: Schema = {
  type: 'string',
  maxLength: 49,
  description: 'A network, as 10.0.0.0/24 or 2001:db8::/32',
};
const message: Schema = {
  type: 'string',
  maxLength: 255,
  description: "Words for the peer's operator (RFC 9003)",
};

function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', additionalProperties: false, properties, required };
}

/** What is announced and withdrawn: a network, or a destination of a family whose routes are passed on. */
const what = {
  prefix: {
    type: 'string',
    maxLength: 4096,
    description: 'A network, as 10.0.0.0/24 or 2001:db8::/32; with `family` a destination as the RIB has it',
  },
  family: { enum: carriedFamilies, description: 'Absent: IPv4 or IPv6 unicast' },
} as const;

export const announceBody = object(
  {
    ...what,
    nextHop: { type: 'string', maxLength: 45, description: 'Absent: the own address on each session' },
    origin: { enum: ['igp', 'egp', 'incomplete'] },
    asPath: { type: 'array', maxItems: 255, items: { type: 'integer', minimum: 1, maximum: 4294967294 } },
    med: { type: 'integer', minimum: 0, maximum: 4294967295 },
    localPref: { type: 'integer', minimum: 0, maximum: 4294967295 },
    aigp: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'RFC 7311' },
    communities: { type: 'array', maxItems: 255, items: { type: 'string', maxLength: 32 } },
    largeCommunities: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 32 } },
    extendedCommunities: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string', maxLength: 64 },
      description: 'rt:65000:1, encap:vxlan, traffic-rate:0:0 ...',
    },
    labels: {
      type: 'array',
      minItems: 1,
      maxItems: 2,
      items: { type: 'integer', minimum: 0, maximum: 16777215 },
      description: 'With `family`: labels, or the VNI of an EVPN route with VXLAN',
    },
    segment: { type: 'string', maxLength: 20, description: 'EVPN: 20 hexadecimal digits' },
    gateway: { type: 'string', maxLength: 45, description: 'EVPN type 5' },
  },
  ['prefix'],
);

export const withdrawBody = object(what, ['prefix']);

export const resetBody = object(
  {
    how: {
      enum: ['in', 'out', 'both', 'refresh', 'hard'],
      description:
        'in, out, both: the policies are asked again; refresh: the peer is asked to say everything again (RFC 2918); hard: a new session',
    },
    message,
  },
  ['how'],
);

export const shutdownBody = object({ message });
export const emptyBody = object({});

/** Parameters of a query are texts; numbers are checked by their pattern. */
const number: Schema = { type: 'string', pattern: '^[0-9]{1,9}$' };

export const tableQuery = object({
  family: { enum: [...familyNames, ...carriedFamilies] },
  prefix,
  longer: { enum: ['true', 'false'], description: 'Also what lies inside the prefix' },
  after: { ...number, description: '`next` of the page before' },
  limit: { ...number, description: 'Rows of a page, at most 10000 (default 1000)' },
});

export const eventsQuery = object({
  since: { ...number, description: 'Begin with the events kept after this number' },
});

export const emptyQuery = object({});
