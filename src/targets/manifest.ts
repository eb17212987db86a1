import { isSafeName } from '../base/file-name.ts';
import { formatSource } from '../base/source.ts';
import { announcementsOf } from '../model/announcements.ts';
import type { Host } from '../model/fabric.ts';
import type { RenderedFile } from './render.ts';

/** Name of the manifest in a host's folder; no target may write a file of this name. */
export const MANIFEST = 'manifest.json';

/**
 * What stands in a host's folder and what it is for: where each file goes, how it is checked and applied, and enough of the
 * wiring that a simulation can be run from the output folder alone.
 */
export interface Manifest {
  readonly version: 1;
  readonly generator: 'fabricgen';
  readonly host: string;
  readonly daemon: string;
  readonly daemonVersion: string;
  /** The Docker engine's version; null: no daemon.json. */
  readonly docker: string | null;
  readonly files: readonly ManifestFile[];
  /** Interface → addresses and the segment it is attached to (null: no neighbour). */
  readonly interfaces: Readonly<Record<string, ManifestInterface>>;
  /** What the host announces on purpose, with the place in the inventory that says so. */
  readonly announces: readonly ManifestAnnouncement[];
}

export interface ManifestFile {
  readonly path: string;
  /** The target that wrote it and reads it back. */
  readonly target: string;
  readonly destination: string;
  readonly owner: string;
  readonly mode: string;
  readonly sha256: string;
  readonly check: string | null;
  readonly apply: string;
}

export interface ManifestAnnouncement {
  readonly prefix: string;
  readonly why: string;
  /** False where a route-map or another route decides whether it is announced. */
  readonly certain: boolean;
  /** `hosts.yml:4:14`. */
  readonly source: string;
}

export interface ManifestInterface {
  readonly addresses: readonly string[];
  readonly link: string | null;
}

/** The manifest's text for one host; `sha256` gives the lower-case hexadecimal digest of a text in UTF-8. */
export function manifestText(
  host: Host,
  files: readonly RenderedFile[],
  sha256: (text: string) => string,
): string {
  const interfaces = host.interfaces.map(({ name, addresses, segment }): [string, ManifestInterface] => [
    name,
    { addresses: addresses.map(({ text }) => text), link: segment },
  ]);
  const manifest: Manifest = {
    version: 1,
    generator: 'fabricgen',
    host: host.name,
    daemon: host.daemon.kind,
    daemonVersion: host.daemon.version,
    docker: host.docker?.version ?? null,
    files: files.map((file) => ({
      path: file.path,
      target: file.target,
      destination: file.destination,
      owner: file.owner,
      mode: file.mode,
      sha256: sha256(file.text),
      check: file.check,
      apply: file.apply,
    })),
    interfaces: Object.fromEntries(interfaces.sort(([a], [b]) => (a < b ? -1 : 1))),
    announces: announcementsOf(host).map(({ prefix, why, certain, source }) => ({
      prefix: prefix.text,
      why,
      certain,
      source: formatSource(source),
    })),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Reads a manifest, which may have been written by anyone: only plain file names of the host's own folder are let through.
 * Returns the reason where it cannot be used.
 */
export function parseManifest(text: string, host: string): Manifest | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(data) || data['generator'] !== 'fabricgen') return 'fabricgen did not write it';
  if (data['version'] !== 1) return `its version is ${JSON.stringify(data['version'])}, not 1`;
  if (data['host'] !== host) return `it belongs to the host ${JSON.stringify(data['host'])}`;
  for (const key of ['daemon', 'daemonVersion']) {
    if (typeof data[key] !== 'string') return `'${key}' is not a text`;
  }
  if (data['docker'] !== null && typeof data['docker'] !== 'string') return `'docker' is not a text`;
  return (
    faultOfFiles(data['files']) ??
    faultOfInterfaces(data['interfaces']) ??
    faultOfAnnounces(data['announces']) ??
    (data as unknown as Manifest)
  );
}

function faultOfFiles(files: unknown): string | null {
  if (!Array.isArray(files)) return `'files' is not a list`;
  for (const file of files) {
    const texts = ['path', 'target', 'destination', 'owner', 'mode', 'sha256', 'apply'];
    if (!isObject(file) || texts.some((key) => typeof file[key] !== 'string'))
      return 'a file entry is incomplete';
    const path = String(file['path']);
    if (!isSafeName(path) || path === MANIFEST)
      return `${JSON.stringify(path)} is not a file of the host's folder`;
    if (file['check'] !== null && typeof file['check'] !== 'string') return 'a file entry is incomplete';
  }
  const paths = files.map(({ path }) => path);
  return new Set(paths).size < paths.length ? 'it names a file twice' : null;
}

function faultOfInterfaces(interfaces: unknown): string | null {
  if (!isObject(interfaces)) return `'interfaces' is not a mapping`;
  for (const entry of Object.values(interfaces)) {
    const ok = isObject(entry) && isTexts(entry['addresses']) && isTextOrNull(entry['link']);
    if (!ok) return 'an interface entry is incomplete';
  }
  return null;
}

function faultOfAnnounces(announces: unknown): string | null {
  const ok =
    Array.isArray(announces) &&
    announces.every(
      (entry) =>
        isObject(entry) &&
        isTexts([entry['prefix'], entry['why'], entry['source']]) &&
        typeof entry['certain'] === 'boolean',
    );
  return ok ? null : `'announces' is not a list of prefixes`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
