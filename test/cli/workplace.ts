import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A folder of its own for each test, and the paths in it. */
export function useWorkplace(): {
  path: (name: string) => string;
  write: (name: string, text: string) => string;
} {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fabricgen-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write: (name, text) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      return path(name);
    },
  };
}

/** Every file below a folder with its text, by relative path. */
export function filesBelow(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}

/** An inventory of hosts on one network, each with containers of its own, small enough to read every number. */
export function fullMesh(names: readonly string[]): string {
  const host = (name: string, at: number) =>
    `    ${name}: { net_interfaces: { eth0: 10.0.0.${at + 1}/24 }, docker_bip: 172.18.${at + 1}.1/24 }\n`;
  return `all:
  vars:
    bgp_asn: 65500
    bgp_daemon: frr
    bgp_neighbors: [{ group: all }]
    docker_default_address_pools: [{ base: 172.30.0.0/16, size: 24 }]
  hosts:
${names.map(host).join('')}`;
}
