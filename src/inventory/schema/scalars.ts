import { type TSchema, Type } from '@sinclair/typebox';

/**
 * Scalars that several variables share. `title` is the phrase that completes "expected ..." in a diagnostic and the
 * heading an editor shows; what a text means (an address, a prefix) is judged by the builder, which can say why it is wrong.
 */

/** One of a few words; editors complete them. */
export function words<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description });
}

export function flag(description: string, byDefault?: boolean) {
  return Type.Boolean(byDefault === undefined ? { description } : { description, default: byDefault });
}

export function text(description: string, example: string) {
  return Type.String({ title: 'a text', description, minLength: 1, examples: [example] });
}

/** The name of a route-map, list, peer group, interface or segment: one word, as daemons read words. */
export function nameOf(what: string, example: string) {
  return Type.String({
    title: 'a name without blanks',
    description: what,
    pattern: '^[^\\s{}]+$',
    examples: [example],
  });
}

export function count(description: string, minimum: number, maximum: number, byDefault?: number) {
  const limits = { title: `a whole number from ${minimum} to ${maximum}`, description, minimum, maximum };
  return Type.Integer(byDefault === undefined ? limits : { ...limits, default: byDefault });
}

/** A value or a list of such values. */
export function oneOrMore<T extends TSchema>(item: T, title: string, description: string) {
  return Type.Union([item, Type.Array(item, { minItems: 1 })], { title, description });
}

const u32 = 4294967295;

export function unsigned32(description: string) {
  return count(description, 0, u32);
}

export const asn = Type.Union(
  [Type.Integer({ minimum: 1, maximum: u32 - 1 }), Type.String({ pattern: '^[0-9]{1,10}(\\.[0-9]{1,5})?$' })],
  {
    title: 'an AS number from 1 to 4294967294, or asdot in quotes like "1.10"',
    description: 'Autonomous system number: 65500, or asdot in quotes ("1.10").',
    examples: [65500, '1.10'],
  },
);

export function address(description: string, example: string) {
  return Type.String({ title: `an address like ${example}`, description, examples: [example] });
}

export function prefix(description: string, example = '10.0.0.0/24') {
  return Type.String({ title: `a network like ${example}`, description, examples: [example] });
}

export function addressWithLength(description: string, example: string) {
  return Type.String({
    title: `an address with its length like ${example}`,
    description,
    examples: [example],
  });
}

export const familyWords = ['ipv4', 'ipv6'] as const;

export function families(description: string) {
  return Type.Array(words(familyWords, 'Unicast routes of this address family.'), {
    title: 'a list of ipv4 and ipv6',
    description,
    minItems: 1,
    uniqueItems: true,
    examples: [['ipv4', 'ipv6']],
  });
}

/** A version; `8.4` without quotes is a number to YAML and welcome. */
export function version(description: string, example: string) {
  return Type.Union([Type.String({ pattern: '^[0-9]+(\\.[0-9]+)*$' }), Type.Number({ minimum: 0 })], {
    title: `a version like "${example}"`,
    description,
    examples: [example],
  });
}

export const timers = Type.Object(
  {
    keepalive: Type.Optional(count('Seconds between KEEPALIVEs; by default a third of hold.', 0, 21845, 60)),
    hold: Type.Optional(
      Type.Union([Type.Literal(0), Type.Integer({ minimum: 3, maximum: 65535 })], {
        title: '0 (never) or a whole number of seconds from 3 to 65535 (RFC 4271 forbids 1 and 2)',
        description:
          'Seconds without a message until the session counts as dead; the lower of both ends is used.',
        default: 180,
      }),
    ),
    connect: Type.Optional(count('Seconds between attempts to connect.', 1, 65535, 120)),
  },
  {
    title: 'a mapping with keepalive, hold and connect',
    description: 'Session timers in seconds.',
    additionalProperties: false,
    examples: [{ keepalive: 30, hold: 90 }],
  },
);
