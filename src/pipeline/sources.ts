import { parseInterfaceAddress, parsePrefix } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import { announcementsOf } from '../model/announcements.ts';
import type { Host } from '../model/fabric.ts';
import type { Intent, NetworkInterface } from '../simulator/kernel/network.ts';
import { externalRouter } from '../targets/external/router.ts';
import type { Manifest } from '../targets/manifest.ts';
import type { RenderedFile } from '../targets/render.ts';
import type { HostFiles, TargetFile } from './read-back.ts';

/** How a rendered file is named to the user: where it stands, or will stand, in the output folder. */
export function shownPath(output: string, host: string, path: string): string {
  return `${output}/${host}/${path}`;
}

/**
 * A host of the model with the files just rendered. `edited` holds what stands in the output folder in their place, where a
 * person has changed it since: that is what would be rolled out, so that is what is read.
 */
export function filesOfHost(
  host: Host,
  rendered: readonly RenderedFile[],
  output: string,
  edited: ReadonlyMap<string, string> = new Map(),
): HostFiles {
  return {
    name: host.name,
    versions: versionsOf(host.daemon.version, host.docker?.version ?? ''),
    interfaces: host.interfaces.map(({ name, addresses, segment }) => ({
      name,
      addresses,
      link: segment,
      up: true,
    })),
    files: rendered.map(({ path, target, text }) => ({
      path,
      target,
      shown: shownPath(output, host.name, path),
      text: edited.get(path) ?? text,
    })),
    router: host.daemon.kind === 'external' ? externalRouter(host) : null,
  };
}

/** A host as an output folder holds it: the wiring comes from its manifest. */
export function filesOfManifest(
  manifest: Manifest,
  texts: ReadonlyMap<string, string>,
  output: string,
): HostFiles {
  const files: TargetFile[] = manifest.files.flatMap(({ path, target }) => {
    const text = texts.get(path);
    return text === undefined ? [] : [{ path, target, shown: shownPath(output, manifest.host, path), text }];
  });
  const interfaces: NetworkInterface[] = Object.entries(manifest.interfaces).map(
    ([name, { addresses, link }]) => ({
      name,
      addresses: addresses.flatMap((text) => parseInterfaceAddress(text) ?? []),
      link,
      up: true,
    }),
  );
  return {
    name: manifest.host,
    versions: versionsOf(manifest.daemonVersion, manifest.docker ?? ''),
    interfaces,
    files,
    router: null,
  };
}

function versionsOf(daemon: string, docker: string): ReadonlyMap<string, string> {
  return new Map([
    ['frr', daemon],
    ['quagga', daemon],
    ['gobgp', daemon],
    ['docker', docker],
  ]);
}

/** What an output folder says its hosts announce, with the places of the inventory it was rendered from. */
export function intentsOfManifest({ host, announces }: Manifest): readonly Intent[] {
  return announces.flatMap(({ prefix: text, why, certain, source }) => {
    const prefix = parsePrefix(text);
    return prefix ? [{ host, prefix, why, certain, source: placeOf(source) }] : [];
  });
}

/** `hosts.yml:4:14` back into a place. */
function placeOf(text: string): SourceRange {
  const [, file = text, line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/.exec(text) ?? [];
  return { file, line: Number(line), column: Number(column) };
}

/** What the inventory wants announced: the tables are held against it. */
export function intentsOf(hosts: Iterable<Host>): readonly Intent[] {
  return [...hosts].flatMap((host) => announcementsOf(host).map((one) => ({ host: host.name, ...one })));
}
