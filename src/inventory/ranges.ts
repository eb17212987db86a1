import { parseAddress } from '../base/ip.ts';

/** More hosts than this are refused in one inventory, so that `web[0:99999999]` is an error and not a full memory. */
export const MAX_HOSTS = 100_000;

export interface HostNames {
  readonly names: readonly string[];
  /** From `web01:2222`: Ansible makes it the host's variable `ansible_port`. */
  readonly port?: number;
}

/** What is wrong with a host range, and what to do about it. */
export interface RangeFault {
  readonly problem: string;
  readonly fix: string;
}

const RANGE = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const LABEL = String.raw`(?:[\p{L}\p{N}_]|${RANGE})(?:[\p{L}\p{N}_-]|${RANGE})*(?<![_-])`;
const HOST = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'iu');
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Expands a host key as Ansible's inventory plugins do: `web[01:20]`, `[a:f]`, a step `[01:20:2]`, several ranges in
 * one name (the last turns fastest), and a port after a colon. A range that is empty, backwards or larger than
 * `MAX_HOSTS` is a fault; Ansible would take the first two as no hosts without a word.
 */
export function expandHostNames(written: string): HostNames | RangeFault {
  const { name, port } = splitPort(written);
  if (!name.includes('[')) return port === undefined ? { names: [name] } : { names: [name], port };
  const parts: (readonly string[])[] = [];
  let total = 1;
  let rest = name;
  for (let open = rest.indexOf('['); open >= 0; open = rest.indexOf('[')) {
    const close = rest.indexOf(']');
    if (close < open)
      return { problem: 'has a range without its closing bracket', fix: 'Write the range as [01:20].' };
    const range = readRange(rest.slice(open + 1, close));
    if ('problem' in range) return range;
    total *= range.count;
    if (total > MAX_HOSTS) return tooMany(total);
    parts.push([rest.slice(0, open)], range.values());
    rest = rest.slice(close + 1);
  }
  const names = parts.reduce((heads, part) => heads.flatMap((head) => part.map((text) => head + text)), ['']);
  const all = names.map((head) => head + rest);
  return port === undefined ? { names: all } : { names: all, port };
}

/** Does Ansible take the text as one host name or address (with ranges, with a port), so that its colons do not separate? */
export function isHostText(text: string): boolean {
  const { name } = splitPort(text);
  return HOST.test(name) || parseAddress(name) !== null;
}

/** `host:22` and `[host]:22` carry a port where the host part is a name or address that Ansible recognises. */
function splitPort(written: string): { name: string; port?: number } {
  const match = /^\[(.+)\]:(\d+)$/.exec(written) ?? /^((?:[^:[\]]|\[[^\]]*\])*):(\d+)$/.exec(written);
  const host = match?.[1];
  if (host === undefined || !(HOST.test(host) || parseAddress(host))) return { name: written };
  return { name: host, port: Number(match?.[2]) };
}

interface Range {
  readonly count: number;
  readonly values: () => string[];
}

function readRange(text: string): Range | RangeFault {
  const [first = '', last, step = '1', more] = text.split(':');
  if (last === undefined || more !== undefined) {
    return {
      problem: `has the range [${text}], which is not begin:end or begin:end:step`,
      fix: 'Write the range as [01:20] or [01:20:2].',
    };
  }
  if (last === '')
    return {
      problem: `has the range [${text}] without an end`,
      fix: 'Give the last number or letter after the colon.',
    };
  const by = /^\d{1,9}$/.test(step) ? Number(step) : 0;
  if (by < 1)
    return { problem: `has the step ${step} in the range [${text}]`, fix: 'Give a step of 1 or more.' };
  const begin = first === '' ? '0' : first;
  if (begin.length === 1 && LETTERS.includes(begin) && last.length === 1 && LETTERS.includes(last)) {
    return counted(LETTERS.indexOf(begin), LETTERS.indexOf(last), by, text, (index) => LETTERS.charAt(index));
  }
  if (!/^\d{1,15}$/.test(begin) || !/^\d{1,15}$/.test(last)) {
    return {
      problem: `has the range [${text}], whose ends are neither numbers nor single letters`,
      fix: 'Write the range as [01:20] or [a:f].',
    };
  }
  const padded = begin.startsWith('0') && begin.length > 1;
  if (padded && begin.length !== last.length) {
    return {
      problem: `has the range [${text}], whose ends differ in length`,
      fix: `Write both ends with ${begin.length} digits.`,
    };
  }
  const width = padded ? begin.length : 0;
  return counted(Number(begin), Number(last), by, text, (number) => String(number).padStart(width, '0'));
}

function counted(
  from: number,
  to: number,
  step: number,
  text: string,
  print: (at: number) => string,
): Range | RangeFault {
  if (from > to)
    return { problem: `has the range [${text}], which runs backwards`, fix: 'Write the smaller end first.' };
  const count = Math.floor((to - from) / step) + 1;
  return { count, values: () => Array.from({ length: count }, (_, index) => print(from + index * step)) };
}

function tooMany(total: number): RangeFault {
  return {
    problem: `stands for ${total} hosts, more than ${MAX_HOSTS}`,
    fix: 'Check the ends of the range.',
  };
}
