/**
 * What a plain (unquoted) scalar means to Ansible. Ansible reads YAML through PyYAML, whose rules are YAML 1.1 with
 * departures of its own (`1e3` and `0o17` are strings, `08` is a string, an exponent needs a point and a sign). The
 * expressions below are those of PyYAML's resolver, so that values equal Ansible's and not only the specification's.
 */
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE = /^(?:yes|true|on)$/i;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?$/;
/** Everything that is not a string under either version begins with one of these, or is empty. */
const MAYBE_SPECIAL = /^(?:$|[-+0-9.~yYnNtTfFoO=<])/;

/** `error` says why Ansible refuses the scalar; `written` is set where the value is not what the text looks like. */
export interface ScalarReading {
  readonly value: string | number | boolean | null;
  readonly written?: string;
  readonly error?: string;
}

/** Reads a plain scalar as PyYAML does. Dates become the ISO text that Ansible prints for them. */
export function readPlainScalar(text: string): ScalarReading {
  if (!MAYBE_SPECIAL.test(text)) return { value: text };
  if (text === '=' || text === '<<') {
    return { value: text, error: 'it has a special meaning here that Ansible does not support' };
  }
  const value = yaml11(text);
  if (value === undefined) return { value: text, error: `${text} looks like a number or date but is none` };
  return Object.is(value, yaml12(text)) && !losesDigits(text, value) ? { value } : { value, written: text };
}

/** Reads the text under an explicit tag (`!!int "5"`); undefined where it does not fit. */
export function readTagged(tag: string, text: string): ScalarReading['value'] | undefined {
  if (tag === 'str') return text;
  if (tag === 'null') return null;
  if (tag === 'bool') return BOOL.test(text) ? TRUE.test(text) : undefined;
  if (tag === 'int') return INT.test(text) ? readInt(text) : undefined;
  if (tag === 'float') return FLOAT.test(text) ? readFloat(text) : INT.test(text) ? readInt(text) : undefined;
  if (tag === 'timestamp') return DATE.test(text) || TIMESTAMP.test(text) ? readTimestamp(text) : undefined;
  return undefined;
}

function yaml11(text: string): ScalarReading['value'] | undefined {
  if (BOOL.test(text)) return TRUE.test(text);
  if (NULL.test(text)) return null;
  if (FLOAT.test(text)) return readFloat(text);
  if (INT.test(text)) return readInt(text);
  if (DATE.test(text) || TIMESTAMP.test(text)) return readTimestamp(text);
  return text;
}

/** The core schema of YAML 1.2.2, section 10.3: what most other tools and most readers expect. */
function yaml12(text: string): ScalarReading['value'] {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?\d+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text) || /^0o[0-7]+$/.test(text))
    return plus(Number(text));
  if (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? NaN : text;
}

/** `8.10` is the number 8.1, an ASN `1.10` likewise; beyond 2^53 digits go too. */
function losesDigits(text: string, value: ScalarReading['value']): boolean {
  if (typeof value !== 'number') return false;
  return /^\d+\.\d*0$/.test(text) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

function readInt(text: string): number | undefined {
  const { sign, digits } = signed(text);
  if (digits === '0') return 0;
  if (/^0[bx]$/.test(digits)) return undefined;
  if (/^0[bx]/.test(digits)) return plus(sign * Number(digits));
  if (digits.startsWith('0')) return plus(sign * Number.parseInt(digits, 8));
  return plus(sign * (digits.includes(':') ? base60(digits) : Number(digits)));
}

function readFloat(text: string): number {
  const { sign, digits } = signed(text.toLowerCase());
  if (digits === '.inf') return sign * Infinity;
  if (digits === '.nan') return NaN;
  return sign * (digits.includes(':') ? base60(digits) : Number(digits));
}

function signed(text: string): { sign: number; digits: string } {
  const bare = text.replaceAll('_', '');
  return { sign: bare.startsWith('-') ? -1 : 1, digits: bare.replace(/^[-+]/, '') };
}

function base60(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Python's integers have no negative zero. */
function plus(value: number): number {
  return value === 0 ? 0 : value;
}

/** Python's `isoformat()` of the date or time; undefined where the calendar has no such day. */
function readTimestamp(text: string): string | undefined {
  const parts = TIMESTAMP.exec(DATE.test(text) ? `${text} 00:00:00` : text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  const check = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(check.getTime()) || check.toISOString().slice(0, 10) !== date || year === 0)
    return undefined;
  if (DATE.test(text)) return date;
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined;
  const micros = (parts[7] ?? '').slice(0, 6).padEnd(6, '0');
  const fraction = Number(micros) === 0 ? '' : `.${micros}`;
  const zone = parts[8]
    ? '+00:00'
    : parts[9]
      ? `${parts[9]}${pad(Number(parts[10]))}:${pad(Number(parts[11] ?? 0))}`
      : '';
  if (Number(parts[10] ?? 0) > 23 || Number(parts[11] ?? 0) > 59) return undefined;
  return `${date}T${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}${zone}`;
}

function pad(value: number | undefined, width = 2): string {
  return String(value ?? 0).padStart(width, '0');
}
