import { parseAddress } from '../../../base/ip.ts';
import type { ExtendedPattern } from '../../../bgp/policy/types.ts';
import type { Table } from './decode.ts';
import { checkRegex, standardPattern } from './patterns.ts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** Subtypes by gobgpd's words (ParseExtCommunity). */
const SUBTYPES: Readonly<Record<string, number>> = { rt: 0x02, soo: 0x03, encap: 0x0c, lb: 0x04 };

/** Tunnels by both of their names (ParseExtendedCommunity). */
const TUNNELS: Readonly<Record<string, number>> = {
  l2tp3: 1,
  'L2TPv3 over IP': 1,
  gre: 2,
  GRE: 2,
  'ip-in-ip': 7,
  'IP in IP': 7,
  vxlan: 8,
  VXLAN: 8,
  nvgre: 9,
  NVGRE: 9,
  mpls: 10,
  MPLS: 10,
  'mpls-in-gre': 11,
  'MPLS in GRE': 11,
  'vxlan-gre': 12,
  'VXLAN GRE': 12,
  'mpls-in-udp': 13,
  'MPLS in UDP': 13,
  geneve: 19,
  GENEVE: 19,
};

/** RFC 8097: only within an AS. */
const VALIDATION: Readonly<Record<string, number>> = { valid: 0, 'not-found': 1, invalid: 2 };

/** Patterns of a set, each behind the word for what it is: `rt:^65001:.*$`. */
export function extendedPatterns(
  texts: readonly string[],
  table: Table,
  reading: Reading,
): readonly ExtendedPattern[] {
  return texts.flatMap((text) => {
    const [word = '', ...rest] = text.split(':');
    const subtype = Object.hasOwn(SUBTYPES, word.toLowerCase()) ? SUBTYPES[word.toLowerCase()] : undefined;
    if (subtype === undefined || rest.length === 0) {
      const fix = 'Write rt, soo, encap or lb, a colon and an expression.';
      reading.losePolicies(table.source, `'${text}' is no pattern for extended communities`, fix, text);
      return [];
    }
    const regex = standardPattern(rest.join(':'));
    checkRegex(regex, false, table, reading);
    return [{ subtype, regex }];
  });
}

/** `rt:65001:1`, `soo:10.0.0.1:7`, `encap:vxlan`, `lb:65001:1000` or `valid` as 16 hexadecimal digits; null: gobgpd refuses it. */
export function extendedCommunity(text: string): string | null {
  const [word = '', ...rest] = text.split(':');
  if (Object.hasOwn(VALIDATION, text)) return `4300${hex(VALIDATION[text] ?? 0, 6)}`;
  const value = rest.join(':');
  if (word.toLowerCase() === 'encap') {
    return Object.hasOwn(TUNNELS, value) ? `030c${hex(TUNNELS[value] ?? 0, 6)}` : null;
  }
  const subtype = SUBTYPES[word.toLowerCase()];
  return subtype === undefined ? null : numbered(subtype, value);
}

/**
 * ADDRESS:NUMBER, ASN:NUMBER or HIGH.LOW:NUMBER (parseRdAndRt): only an AS in two halves has four octets. What is too large counts as
 * the largest, but behind an address and a wide AS its lower half.
 */
export function numbered(subtype: number, text: string): string | null {
  const [, administrator = '', digits = ''] = /^([\d.]+):(\d+)$/.exec(text) ?? [];
  const number = Math.min(Number(digits), 0xffffffff);
  const address = parseAddress(administrator);
  const [first = 0, second] = administrator.split('.').map((half) => Math.min(Number(half), 0xffff));
  if (administrator === '' || (!address && administrator.split('.').length > 2)) return null;
  if (subtype === SUBTYPES['lb']) return `4004${hex(second ?? first, 2)}${float(number)}`;
  if (address) return `01${hex(subtype, 1)}${hex(Number(address.value), 4)}${hex(number % 0x10000, 2)}`;
  if (second === undefined) return `00${hex(subtype, 1)}${hex(first, 2)}${hex(number, 4)}`;
  return `02${hex(subtype, 1)}${hex(first, 2)}${hex(second, 2)}${hex(number % 0x10000, 2)}`;
}

function hex(value: number, octets: number): string {
  return value.toString(16).padStart(2 * octets, '0');
}

function float(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return hex(view.getUint32(0), 4);
}

/** Words of the command line that extended communities begin with (`extCommNameMap`). */
const COMMAND_WORDS: ReadonlySet<string> = new Set([
  ...['accept', 'discard', 'rate-limit', 'redirect', 'mark', 'action', 'rt', 'encap', 'esi-label'],
  ...['router-mac', 'default-gateway', 'valid', 'not-found', 'invalid', 'color', 'lb', 'mup'],
]);

/** `rt 65001:1 65001:2 color 5` behind the prefix of a command; null: gobgp refuses the command, which was said. */
export function commandCommunities(words: readonly Word[], reading: Reading): readonly string[] | null {
  const found: string[] = [];
  let at = 0;
  while (at < words.length) {
    const next = words.findIndex(({ text }, index) => index > at && COMMAND_WORDS.has(text));
    const end = next < 0 ? words.length : next;
    const one = commandCommunity(words.slice(at, end), reading);
    if (!one) return null;
    found.push(...one);
    at = end;
  }
  return found;
}

function commandCommunity([word, ...values]: readonly Word[], reading: Reading): readonly string[] | null {
  if (!word) return [];
  if (!COMMAND_WORDS.has(word.text)) {
    const message = `gobgp refuses the command over '${word.text}': no attribute is called so`;
    reading.refuse(word.source, message, 'Remove the word.', word.text);
    return null;
  }
  if (Object.hasOwn(VALIDATION, word.text)) return [extendedCommunity(word.text) ?? ''];
  if (word.text === 'rt') return routeTargets(values.length > 0 ? values : [word], reading);
  if (word.text === 'encap' && values.length > 0) {
    const tunnel = extendedCommunity(`encap:${values[0]?.text === 'l2tpv3' ? 'l2tp3' : values[0]?.text}`);
    if (tunnel !== null) return [tunnel];
  }
  const color = Number(values[0]?.text);
  if (word.text === 'color' && values.length === 1 && color <= 0xffffffff)
    return [`030b0000${hex(color, 4)}`];
  if (word.text !== 'accept')
    reading.note(word.source, word.text, 'extended communities of this kind are not simulated', false);
  return [];
}

function routeTargets(values: readonly Word[], reading: Reading): readonly string[] | null {
  const found: string[] = [];
  for (const { text, source } of values) {
    const target = numbered(SUBTYPES['rt'] ?? 0, text);
    if (target === null) {
      reading.refuse(
        source,
        `gobgp refuses the command: '${text}' is no route target`,
        'Write it as 65001:1.',
        text,
      );
      return null;
    }
    found.push(target);
  }
  return found;
}
