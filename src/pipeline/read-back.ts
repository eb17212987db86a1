import type { Diagnostic } from '../base/diagnostic.ts';
import type { RouterConfig, StaticRouteConfig } from '../bgp/config.ts';
import type { RouterProfile } from '../bgp/profile.ts';
import type { SessionHabits } from '../bgp/session-habits.ts';
import type { NetworkInterface, NetworkNode } from '../simulator/kernel/network.ts';
import { targetNamed } from '../targets/registry.ts';
import type { ConfigFile, DockerConfig, LineReport } from '../targets/target.ts';
import { nodeOf } from './network.ts';
import { withoutOwnNeighbors } from './own-neighbors.ts';

/** What is known of a host before its files are read: its wiring, and which target reads which file. */
export interface HostFiles {
  readonly name: string;
  /** Version of the routing daemon and of Docker, by the target that reads. */
  readonly versions: ReadonlyMap<string, string>;
  readonly interfaces: readonly NetworkInterface[];
  readonly files: readonly TargetFile[];
  /** The router of a host that has no files because it is not ours. */
  readonly router: RouterConfig | null;
  /** How its router decides, where that is not the daemon the files are written for. */
  readonly profile?: RouterProfile;
  /** Routes in the kernel before the daemons start. */
  readonly kernelRoutes?: readonly StaticRouteConfig[];
}

export interface TargetFile {
  /** Name below the host's folder. */
  readonly path: string;
  /** How diagnostics name it: a path the user can open. */
  readonly shown: string;
  readonly target: string;
  readonly text: string;
}

export interface HostLine extends LineReport {
  readonly host: string;
}

/** A fabric as its files say it is. */
export interface ReadFabric {
  readonly nodes: readonly NetworkNode[];
  /** What is not modelled or not recognised, of every host (rule 4). */
  readonly lines: readonly HostLine[];
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of the files that diagnostics point into, for excerpts. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads every host's files back. Takes hosts one by one, so that the texts of a large fabric never stand in memory together. */
export function readBack(hosts: Iterable<HostFiles>): ReadFabric {
  const nodes: NetworkNode[] = [];
  const lines: HostLine[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = new Map<string, string>();
  for (const host of hosts) {
    const read = readHost(host);
    nodes.push(read.node);
    // One by one: a file of 200,000 lines may have as many, more than a call takes arguments.
    for (const line of read.lines) lines.push(line);
    for (const diagnostic of read.diagnostics) diagnostics.push(diagnostic);
    const named = new Set([
      ...read.diagnostics.flatMap(({ ranges, related = [] }) =>
        [...ranges, ...related].map(({ file }) => file),
      ),
      ...read.lines.map(({ source }) => source.file),
    ]);
    for (const { shown, text } of host.files) if (named.has(shown)) texts.set(shown, text);
  }
  return { nodes, lines, diagnostics, texts };
}

interface ReadHost {
  readonly node: NetworkNode;
  readonly lines: readonly HostLine[];
  readonly diagnostics: readonly Diagnostic[];
}

function readHost(host: HostFiles): ReadHost {
  let router = host.router;
  let docker: DockerConfig | null = null;
  const lines: HostLine[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [name, files] of byTarget(host.files)) {
    const target = targetNamed(name);
    if (!target) continue;
    const read = target.read(files, { host: host.name, version: host.versions.get(name) ?? '' });
    router ??= read.router && decidedBy(read.router, host.profile);
    docker ??= read.docker;
    for (const line of read.lines) lines.push({ ...line, host: host.name });
    for (const diagnostic of read.diagnostics) diagnostics.push({ host: host.name, ...diagnostic });
  }
  const { name, interfaces, kernelRoutes = [] } = host;
  const node = nodeOf({ name, interfaces, router, docker, kernelRoutes });
  if (host.profile) return { node, lines, diagnostics };
  const known = withoutOwnNeighbors(node);
  return { node: known.node, lines, diagnostics: [...diagnostics, ...known.diagnostics] };
}

/** What sets fabricgen's speaker (with `--install-routes`) apart from somebody else's router of which nothing is known. */
const ownHabits = { hidesUnusable: true, tracksBesideBgp: true, singleHopInstallsConnected: false } as const;
const ownSessions: SessionHabits = {
  fallsWithInterface: 'none',
  dialsAfter: 1,
  takesNoFamily: true,
  watchesWay: false,
  offersExtendedMessages: true,
};

/** A router run by somebody else than its files are for; what announces only its own (ExaBGP) does so whoever runs it. */
function decidedBy(router: RouterConfig, profile: RouterProfile | undefined): RouterConfig {
  if (!profile) return router;
  const { originatesOnly } = router.profile.quirks;
  const quirks = originatesOnly ? { ...profile.quirks, originatesOnly } : profile.quirks;
  return { ...router, profile: { ...profile, quirks: { ...quirks, ...ownHabits }, sessions: ownSessions } };
}

function byTarget(files: readonly TargetFile[]): Map<string, Map<string, ConfigFile>> {
  const groups = new Map<string, Map<string, ConfigFile>>();
  for (const { target, path, shown, text } of files) {
    const group = groups.get(target) ?? new Map<string, ConfigFile>();
    group.set(path, { path: shown, text });
    groups.set(target, group);
  }
  return groups;
}
