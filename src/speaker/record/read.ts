import { FORMAT, FORMAT_VERSION, type RecordedLine, type RecordingHeader } from './format.ts';

export interface Recording {
  readonly header: RecordingHeader;
  readonly lines: readonly RecordedLine[];
  /** The last line is not whole: the speaker was killed while it wrote. */
  readonly cut: boolean;
}

/** Reads a recording; a sentence where it is none. Whatever stands in the file, a replay can only go wrong, not do harm. */
export function readRecording(text: string): Recording | string {
  const texts = text.split('\n');
  const cut = texts.pop() !== '';
  const header = json(texts.shift() ?? '');
  if (!isHeader(header)) return 'it does not begin like a recording of `fabricgen speaker --record`';
  if (header.version !== FORMAT_VERSION)
    return `it is of version ${String(header.version)}, this fabricgen reads version ${FORMAT_VERSION}`;
  const lines: RecordedLine[] = [];
  for (const [index, one] of texts.entries()) {
    const line = json(one);
    if (!isLine(line)) return `line ${index + 2} is not one of a recording`;
    lines.push(line);
  }
  return { header, lines, cut };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function isHeader(value: unknown): value is RecordingHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { format, target, daemonVersion, files, host, seed } = value as Partial<
    Record<keyof RecordingHeader, unknown>
  >;
  return (
    format === FORMAT &&
    typeof target === 'string' &&
    typeof daemonVersion === 'string' &&
    isTexts(files) &&
    typeof host === 'object' &&
    host !== null &&
    Array.isArray((host as { interfaces?: unknown }).interfaces) &&
    Array.isArray((host as { routes?: unknown }).routes) &&
    typeof seed === 'number'
  );
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string')
  );
}

/** What stands behind the letter of a line, by its type. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  o: ['object'],
  t: ['number'],
  a: ['number', 'object'],
  c: ['number', 'object'],
  r: ['number', 'string'],
  d: ['number'],
  e: ['number', 'string'],
  b: ['number', 'number', 'number'],
  w: ['number', 'string'],
  k: ['number', 'string'],
  x: ['number'],
};

function isLine(value: unknown): value is RecordedLine {
  if (!Array.isArray(value)) return false;
  const [at, kind, ...rest] = value as readonly unknown[];
  const shape = typeof kind === 'string' ? shapes[kind] : undefined;
  if (typeof at !== 'number' || !shape || rest.length !== shape.length) return false;
  return rest.every((one, index) => typeof one === shape[index] && one !== null);
}
