import { type CarriedFamily, isCarried } from '../../base/family.ts';
import type { AnnounceRequest, Operation } from './operation.ts';

/**
 * One line of standard input in the form of ExaBGP's API text: `announce route 10.0.0.0/24 next-hop 192.0.2.1 med 5 community [65000:1 65000:2]`,
 * `withdraw route 10.0.0.0/24`; a family whose routes are passed on in place of `route`, and a destination as `rib` prints it:
 * `announce l2vpn-evpn 65000:1 [3]:[0]:[32]:[192.0.2.1] label 100 extended-community [rt:65000:1 encap:vxlan]`. null: an empty line or a comment. A sentence where the line is not understood.
 */
export function textCommand(line: string): Operation | string | null {
  const words = line.replaceAll(/[[\]]/g, ' $& ').trim().split(/\s+/);
  const [verb, what, prefix, ...rest] = words;
  if (verb === '' || verb === undefined || verb.startsWith('#')) return null;
  if (verb !== 'announce' && verb !== 'withdraw') return `'${verb}' is not known: announce and withdraw are`;
  if (what !== undefined && isCarried(what)) return carriedCommand(verb, what, line);
  if (what !== 'route')
    return `'${verb} ${what ?? ''}' is not known: ${verb} route PREFIX and ${verb} FAMILY DESTINATION are`;
  if (prefix === undefined) return 'a prefix is missing';
  // ExaBGP takes the attributes of what is withdrawn as well, and so do scripts written for it.
  const attributes = readAttributes(rest);
  if (typeof attributes === 'string') return attributes;
  return verb === 'announce' ? { kind: 'announce', prefix, attributes } : { kind: 'withdraw', prefix };
}

/** Destinations have blanks and brackets: they end where the first attribute begins. */
function carriedCommand(
  verb: 'announce' | 'withdraw',
  family: CarriedFamily,
  line: string,
): Operation | string {
  const rest = line.slice(line.indexOf(family) + family.length);
  const end = rest.search(new RegExp(`\\s(?:${Object.keys(readers).join('|')})\\s`));
  const prefix = (end < 0 ? rest : rest.slice(0, end)).trim();
  if (prefix === '') return 'a destination is missing';
  const words = end < 0 ? [] : rest.slice(end).replaceAll(/[[\]]/g, ' $& ').trim().split(/\s+/);
  const attributes = readAttributes(words);
  if (typeof attributes === 'string') return attributes;
  return verb === 'announce' ? { kind: verb, prefix, attributes, family } : { kind: verb, prefix, family };
}

type Draft = { -readonly [Name in keyof AnnounceRequest]: AnnounceRequest[Name] };
type Reader = (draft: Draft, values: readonly string[]) => string | null;

function whole(name: 'med' | 'localPref'): Reader {
  return (draft, [value = '']) => {
    if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffffffff)
      return `'${value}' is not a number of 32 bits`;
    draft[name] = Number(value);
    return null;
  };
}

const readers: Readonly<Record<string, Reader>> = {
  'next-hop': (draft, [value = '']) => {
    // `self` is the own address on each session, as when nothing is said.
    if (value !== 'self') draft.nextHop = value;
    return null;
  },
  origin: (draft, [value = '']) => {
    const known = (['igp', 'egp', 'incomplete'] as const).find((one) => one === value.toLowerCase());
    if (!known) return `'${value}' is not an origin: igp, egp, incomplete are`;
    draft.origin = known;
    return null;
  },
  med: whole('med'),
  'local-preference': whole('localPref'),
  aigp: (draft, [value = '']) => {
    if (!/^\d{1,16}$/.test(value) || Number(value) > Number.MAX_SAFE_INTEGER)
      return `'${value}' is not a number up to 2^53`;
    draft.aigp = Number(value);
    return null;
  },
  'as-path': (draft, values) => {
    const wrong = values.find((value) => !/^\d{1,10}$/.test(value));
    if (wrong !== undefined) return `'${wrong}' is not an AS number`;
    draft.asPath = values.map(Number);
    return null;
  },
  community: (draft, values) => {
    draft.communities = values;
    return null;
  },
  'large-community': (draft, values) => {
    draft.largeCommunities = values;
    return null;
  },
  'extended-community': (draft, values) => {
    draft.extendedCommunities = values;
    return null;
  },
  label: (draft, values) => {
    const wrong = values.find((value) => !/^\d{1,8}$/.test(value));
    if (wrong !== undefined) return `'${wrong}' is not a label`;
    draft.labels = values.map(Number);
    return null;
  },
  esi: (draft, [value = '']) => {
    draft.segment = value;
    return null;
  },
  gateway: (draft, [value = '']) => {
    draft.gateway = value;
    return null;
  },
};

function readAttributes(words: readonly string[]): AnnounceRequest | string {
  const draft: Draft = {};
  for (let at = 0; at < words.length; ) {
    const name = words[at] ?? '';
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!reader) return `'${name}' is not an attribute: ${Object.keys(readers).join(', ')} are`;
    const list = words[at + 1] === '[';
    const end = list ? words.indexOf(']', at) : at + 2;
    if (end < 0 || end > words.length) return `the value of ${name} does not end`;
    const fault = reader(draft, words.slice(at + (list ? 2 : 1), end));
    if (fault !== null) return fault;
    at = list ? end + 1 : end;
  }
  return draft;
}
