import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Diagnostic, hasErrors } from '../../base/diagnostic.ts';
import { readText } from '../../base/read-text.ts';
import { systemReason } from '../../base/system-reason.ts';
import { filesOfHost } from '../../pipeline/sources.ts';
import { type SpeakerConfig, speakerConfig } from '../../speaker/config.ts';
import type { ConfigReader } from '../../speaker/operation/perform.ts';
import { externalProfile } from '../../targets/external/profile.ts';
import { targetNamed } from '../../targets/registry.ts';
import { renderHost } from '../../targets/render.ts';
import type { LineReport } from '../../targets/target.ts';
import { type ExitCode, exit, type Io } from '../io.ts';
import { loadProject } from '../project.ts';
import { unkeptLimits } from './limits.ts';

/** Where a speaker's configuration comes from: files of one daemon, by the names its reader knows. */
export interface SpeakerSource {
  /** The host, for logs and the socket's name. */
  readonly name: string;
  readonly target: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  /** Name → path to be shown. */
  readonly shown: Readonly<Record<string, string>>;
}

/** What the files come to. */
export interface Interpreted {
  readonly speaker: SpeakerConfig | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Lines that change nothing here although the daemon would do something. */
  readonly lines: readonly LineReport[];
}

interface Format {
  readonly target: string;
  readonly version: string;
  readonly file: string;
  /** Read too, where it stands in the same folder. */
  readonly beside: readonly string[];
}

export const formats: Readonly<Record<string, Format>> = {
  frr: { target: 'frr', version: '8.4', file: 'frr.conf', beside: [] },
  'frr-files': { target: 'frr', version: '8.4', file: 'bgpd.conf', beside: ['zebra.conf', 'staticd.conf'] },
  quagga: { target: 'quagga', version: '1.2', file: 'bgpd.conf', beside: ['zebra.conf'] },
  gobgp: { target: 'gobgp', version: '3', file: 'gobgp.toml', beside: ['gobgp-cli.txt'] },
  bird: { target: 'bird', version: '2', file: 'bird.conf', beside: [] },
  exabgp: { target: 'exabgp', version: '4', file: 'exabgp.conf', beside: [] },
};

/** Name of the file → how it is read, where nobody says. */
const byName: Readonly<Record<string, string>> = {
  'frr.conf': 'frr',
  'bgpd.conf': 'frr-files',
  'gobgp.toml': 'gobgp',
  'gobgpd.conf': 'gobgp',
  'bird.conf': 'bird',
  'exabgp.conf': 'exabgp',
};

/** The files of `--config`; `format` null: by the file's name. */
export function sourceOfFile(
  path: string,
  format: string | null,
  name: string | null,
): SpeakerSource | Diagnostic {
  const missing = faultOfFile(path);
  if (missing) return missing;
  const known = formats[format ?? byName[basename(path)] ?? ''];
  if (!known) {
    return {
      rule: 'speaker-config',
      severity: 'error',
      message: `${path}: the name of the file does not say which daemon it is for`,
      ranges: [],
      found: basename(path),
      expected: Object.keys(byName).join(', '),
      fix: `say it with --format ${Object.keys(formats).join('|')}`,
    };
  }
  try {
    const text = configAt(path);
    const files: Record<string, string> = { [known.file]: text };
    const shown: Record<string, string> = { [known.file]: path };
    for (const one of [...known.beside, ...included(known, path, text)]) {
      const near = join(dirname(path), one);
      if (one === known.file || !existsSync(near)) continue;
      files[one] = configAt(near);
      shown[one] = near;
    }
    return { name: name ?? 'speaker', target: known.target, version: known.version, files, shown };
  } catch (error) {
    return unreadable(path, systemReason(error));
  }
}

const MAX_BYTES = 64 << 20;

/** A pipe will do as well. */
function configAt(path: string): string {
  return readText(path, { most: MAX_BYTES, plain: false, strict: false }).text;
}

/** A path that no format can be read from; null: there is a file. */
function faultOfFile(path: string): Diagnostic | null {
  try {
    return statSync(path).isDirectory() ? unreadable(path, 'it is a folder') : null;
  } catch (error) {
    return unreadable(path, systemReason(error));
  }
}

function unreadable(path: string, why: string): Diagnostic {
  return {
    rule: 'file-unreadable',
    severity: 'error',
    message: `${path} cannot be read: ${why}`,
    ranges: [],
    fix: 'name a configuration file that exists and may be read',
  };
}

const MOST_INCLUDED = 200;

/** bird.conf names files of its own folder; which, its reader finds out. */
function included({ target }: Format, path: string, text: string): readonly string[] {
  if (target !== 'bird' || !/^\s*include\s/m.test(text)) return [];
  return readdirSync(dirname(path))
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .slice(0, MOST_INCLUDED);
}

/** The files of a host of an inventory, rendered in memory; the exit code after saying what is wrong. */
export async function sourceOfHost(
  inventory: string,
  host: string,
  io: Io,
): Promise<SpeakerSource | Diagnostic | ExitCode> {
  const project = await loadProject({ inventory, quiet: true }, io);
  if (typeof project === 'number') return project;
  const found = project.fabric.hosts.get(host);
  if (!found) {
    return {
      rule: 'unknown-host',
      severity: 'error',
      message: `--host names ${host}, which is not a host of the inventory`,
      ranges: [],
      found: host,
      fix: `use ${[...project.fabric.hosts.keys()].slice(0, 10).join(', ')}`,
    };
  }
  const rendered = renderHost(found, project.fabric, project.templates);
  if (!rendered.complete) return rendered.diagnostics[0] ?? exit.findings;
  const { files, versions } = filesOfHost(found, rendered.files, 'build');
  const target = files.find((file) => file.target !== 'docker')?.target;
  if (target === undefined) {
    return {
      rule: 'speaker-config',
      severity: 'error',
      message: `${host} has no configuration of a BGP daemon`,
      ranges: [],
      fix: 'name a host with `bgp_daemon: frr`, `quagga` or `gobgp`',
    };
  }
  const own = files.filter((file) => file.target === target);
  return {
    name: host,
    target,
    version: versions.get(target) ?? '',
    files: Object.fromEntries(own.map(({ path, text }) => [path, text])),
    shown: Object.fromEntries(own.map(({ path, shown }) => [path, shown])),
  };
}

/** Reads the files as their daemon would; never throws. Lines the daemon would refuse are errors: half a policy is not run. */
export function interpret({ name, target, version, files, shown }: SpeakerSource): Interpreted {
  const reader = targetNamed(target);
  const given = new Map(
    Object.entries(files).map(([file, text]) => [file, { path: shown[file] ?? file, text }]),
  );
  if (!reader) return { speaker: null, diagnostics: [], lines: [] };
  const { router, lines, diagnostics } = reader.read(given, { host: name, version });
  const unknown = lines.filter(({ status }) => status === 'unrecognised').map(refusedLine);
  const judged = speakerConfig(router, externalProfile, Object.values(shown));
  const all = [...diagnostics, ...unknown.filter((one) => !isSaid(one, diagnostics)), ...judged.diagnostics];
  return {
    speaker: hasErrors(all) ? null : judged.speaker,
    diagnostics: all,
    lines: [
      ...lines.filter(({ status, carried }) => status === 'unmodelled' && !carried),
      ...unkeptLimits(router),
    ],
  };
}

/** Files as a reload brings them; the words are those of the first error. */
export function readerOf(source: SpeakerSource): ConfigReader {
  return (files) => {
    const { speaker, diagnostics } = interpret({ ...source, files });
    const error = diagnostics.find(({ severity }) => severity === 'error');
    const place = error?.ranges[0];
    return speaker ?? `${place ? `${place.file}:${place.line}: ` : ''}${error?.message ?? 'no router in it'}`;
  };
}

function refusedLine({ text, effect, source }: LineReport): Diagnostic {
  return {
    rule: 'config-unrecognised',
    severity: 'error',
    message: `'${text.trim()}' is not understood`,
    ranges: [source],
    fix: effect === '' ? 'correct the line' : effect,
  };
}

function isSaid({ ranges: [place] }: Diagnostic, others: readonly Diagnostic[]): boolean {
  return others.some(({ ranges: [other] }) => other?.file === place?.file && other?.line === place?.line);
}
