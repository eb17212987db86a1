import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Positioned } from '../../base/source.ts';
import type { Fabric, Host, Segment, StaticRoute } from '../../model/fabric.ts';
import { mirrorExternals } from '../../model/mirror.ts';
import { deriveSegments } from '../../model/segments.ts';
import { deriveSessions } from '../../model/sessions.ts';
import { checkVariables } from '../schema/check.ts';
import type { Inventory } from '../types.ts';
import { AddressReader } from './addresses.ts';
import { bgpBuilder } from './bgp.ts';
import { daemonOf } from './daemon.ts';
import { dockerOf } from './docker.ts';
import { Findings } from './findings.ts';
import { interfacesOf, sortInterfaces } from './interfaces.ts';
import { speakerOf } from './speaker.ts';
import { staticsReader } from './statics.ts';
import { sysctlsOf } from './sysctls.ts';
import { type HostDraft, Topology } from './topology.ts';
import { Variables } from './variables.ts';

export interface BuiltFabric {
  readonly fabric: Fabric;
  /** Of the variables and of the build; those of loading stay with the inventory. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes the model from a loaded inventory: checks the variables, applies defaults, derives segments, neighbors and sessions.
 * Never throws; what is wrong is reported and left out, so with errors among the diagnostics the fabric is incomplete.
 * Time grows with hosts, addresses and neighbors, never with the square of the hosts unless the sessions do.
 */
export function buildFabric(inventory: Inventory): BuiltFabric {
  const checked = checkVariables(inventory);
  const findings = new Findings();
  const read = new AddressReader(findings);
  const names = [...inventory.hosts.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const alone = names.flatMap((name) => {
    const host = inventory.hosts.get(name);
    return host ? [draftOf(new Variables(host, checked), read, findings)] : [];
  });
  const segments = deriveSegments(alone);
  const drafts = attach(alone, segments);
  const topology = new Topology(drafts, segments);
  const statics = staticsReader(read, findings);
  const bgpOf = bgpBuilder(inventory, read, findings);
  const hosts = new Map<string, Host>();
  for (const draft of drafts.values()) {
    hosts.set(draft.name, hostOf(draft, statics(draft.vars), bgpOf(draft, topology)));
  }
  const fabric = mirrorExternals({ hosts, segments, sessions: deriveSessions(hosts) });
  return { fabric, diagnostics: [...checked.diagnostics, ...findings.list] };
}

function draftOf(vars: Variables, read: AddressReader, findings: Findings): HostDraft {
  const daemon = daemonOf(vars, findings);
  const reading = interfacesOf(vars, read, findings);
  const speaker = speakerOf(vars, daemon, reading, read, findings);
  const { interfaces, refused: misread } = reading;
  const docker = dockerOf(vars, read);
  return { name: vars.host.name, vars, daemon, interfaces, misread, docker, ...speaker };
}

/** The same hosts with each interface on its derived segment. */
function attach(hosts: readonly HostDraft[], segments: readonly Segment[]): Map<string, HostDraft> {
  const names = new Map<string, string>();
  for (const segment of segments) {
    for (const member of segment.members) names.set(`${member.host} ${member.interface}`, segment.name);
  }
  return new Map(
    hosts.map((host) => {
      const interfaces = host.interfaces.map((i) => ({
        ...i,
        segment: names.get(`${host.name} ${i.name}`) ?? null,
      }));
      return [host.name, { ...host, interfaces }];
    }),
  );
}

function hostOf(draft: HostDraft, statics: readonly StaticRoute[], bgp: Host['bgp']): Host {
  const { vars, daemon, interfaces, docker } = draft;
  // Hosts that route nothing of ours are not told how to forward.
  const forwards =
    daemon.kind !== 'external' && (daemon.kind !== 'none' || docker !== null || statics.length > 0);
  return {
    name: draft.name,
    source: vars.host.source,
    groups: vars.host.groups,
    daemon,
    interfaces: sortInterfaces(interfaces),
    statics,
    bgp,
    docker,
    sysctls: forwards ? sysctlsOf(vars, interfaces, docker) : [],
    vars: nodesOf(vars),
  };
}

function nodesOf(vars: Variables): ReadonlyMap<string, Positioned> {
  return new Map([...vars.host.vars].map(([name, merged]) => [name, merged.node]));
}
