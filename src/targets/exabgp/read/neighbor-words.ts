import { hostPrefix, parseAddress } from '../../../base/ip.ts';
import type { Setting } from './draft.ts';
import type { Reading } from './reading.ts';
import { boolean, digits, ipv4, readPrefix, settingAsn } from './values.ts';
import type { Words } from './words.ts';

/** What a word of a neighbor takes, for the message; and the value read, undefined where ExaBGP refuses it. */
interface SettingReader {
  readonly expects: string;
  read(text: string): Setting['value'] | undefined;
}

const flag = (absent: boolean): SettingReader => ({
  expects: 'enable or disable',
  read: (text) => boolean(text, absent) ?? undefined,
});
const asn: SettingReader = {
  expects: 'an ASN or auto',
  read: (text) => (text === 'auto' ? null : (settingAsn(text) ?? undefined)),
};
const port: SettingReader = { expects: 'a port', read: (text) => digits(text) ?? undefined };
const ttl: SettingReader = {
  expects: 'a number up to 255, or disable',
  read: (text) => (['false', 'disable', 'disabled'].includes(text) ? null : (digits(text, 255) ?? undefined)),
};
const address: SettingReader = { expects: 'an address', read: (text) => parseAddress(text)?.text };
const text: SettingReader = { expects: 'a text', read: (word) => word };
const NAME = /^(?=.*[A-Za-z]$)[A-Za-z0-9][A-Za-z0-9.-]{0,254}$/;
const named: SettingReader = {
  expects: 'a name of letters, digits, dots and hyphens that ends in a letter',
  read: (word) => (NAME.test(word) && !word.includes('..') ? word : undefined),
};

/** Words of a neighbor and of a template (configuration/neighbor). */
export const neighborWords: ReadonlyMap<string, SettingReader> = new Map<string, SettingReader>([
  ['description', text],
  ['host-name', named],
  ['domain-name', named],
  ['router-id', { expects: 'an IPv4 address', read: (word) => ipv4(word)?.text }],
  [
    'hold-time',
    {
      expects: '0, or 3 to 65535 seconds',
      read: (word) => {
        const value = digits(word, 0xffff);
        return value === null || value === 1 || value === 2 ? undefined : value;
      },
    },
  ],
  [
    'rate-limit',
    {
      expects: 'a number from 1, or disable',
      read: (word) => (/^disabled?$/i.test(word) ? 0 : digits(word) || undefined),
    },
  ],
  [
    'local-address',
    { expects: 'an address or auto', read: (word) => (word === 'auto' ? null : address.read(word)) },
  ],
  ['peer-address', { expects: 'an address or a range', read: peerAddress }],
  ['local-as', asn],
  ['peer-as', asn],
  ['passive', flag(true)],
  ['listen', port],
  ['connect', port],
  ['outgoing-ttl', ttl],
  ['incoming-ttl', ttl],
  ['md5-password', { expects: 'a password', read: (word) => (word === '' ? undefined : word) }],
  [
    'md5-base64',
    {
      expects: 'enable, disable or auto',
      read: (word) => (word === 'auto' ? null : (boolean(word, false) ?? undefined)),
    },
  ],
  ['md5-ip', address],
  ['group-updates', flag(true)],
  ['auto-flush', flag(true)],
  ['adj-rib-out', flag(false)],
  ['adj-rib-in', flag(false)],
  ['manual-eor', flag(false)],
]);

/** Words of `capability { }`. */
export const capabilityWords: ReadonlyMap<string, SettingReader> = new Map<string, SettingReader>([
  ...['nexthop', 'asn4', 'multi-session', 'operational', 'route-refresh', 'aigp', 'extended-message'].map(
    (word) => [word, flag(true)] as const,
  ),
  [
    'add-path',
    {
      expects: 'send, receive, send/receive or disable',
      read: (word) =>
        /^(?:disabled?|receive|send|send\/receive)$/i.test(word)
          ? word.toLowerCase().replace('disabled', 'disable')
          : undefined,
    },
  ],
  [
    'graceful-restart',
    {
      expects: 'seconds, or disable',
      read: (word) => {
        if (word === '') return 0;
        return /^disabled?$/.test(word) ? false : (digits(word, 0xffff) ?? undefined);
      },
    },
  ],
]);

/** The range is kept as text: its host bits count (ExaBGP takes the address as the first of as many as the length has). */
function peerAddress(word: string): string | undefined {
  const single = parseAddress(word);
  if (single) return hostPrefix(single).text;
  const range = readPrefix(word);
  return range && !range.hostBits ? range.prefix.text : range ? word : undefined;
}

/** Reads the value of one word; undefined: ExaBGP refuses it (it was said). */
export function readSetting(
  words: Words,
  command: string,
  known: ReadonlyMap<string, SettingReader>,
  reading: Reading,
): Setting | undefined {
  const reader = known.get(command);
  const word = words.next();
  const value = reader?.read(word.text);
  if (reader && value !== undefined) return { value, source: word.source };
  const message = `${command} is ${reader?.expects}, not '${word.text}'`;
  reading.refuse(word.source, message, 'Correct the value.', word.text);
  return undefined;
}
