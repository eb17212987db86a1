import { runs } from '../processes.ts';
import { attach } from './run.ts';
import type { LabState } from './state.ts';

/** A lab as `lab status` lists it. */
export interface LabStatus {
  readonly name: string;
  /** 'left behind': whoever made it is gone, and it never came up. */
  readonly phase: 'up' | 'starting' | 'left behind';
  readonly source: string;
  /** Everything that should run does. */
  readonly healthy: boolean;
  readonly hosts: readonly HostStatus[];
}

export interface HostStatus {
  readonly host: string;
  readonly daemon: string;
  /** Processes of its daemon that run. */
  readonly processes: number;
  readonly folder: string;
  readonly container: readonly string[];
}

/** `state`: null where there is none, or it cannot be read. */
export function statusOf(name: string, state: LabState | null): LabStatus {
  const source = state?.source ?? '';
  if (state?.phase !== 'up') {
    const working = state?.owner != null && runs(state.owner);
    return { name, phase: working ? 'starting' : 'left behind', source, healthy: working, hosts: [] };
  }
  const { plan, fabric, containers } = attach(state);
  const hosts = plan.hosts.map(({ name: host, daemon }): HostStatus => {
    const running = fabric.daemons.get(host);
    return {
      host,
      daemon,
      processes: running?.pids().length ?? 0,
      folder: running?.folder ?? '',
      container: containers.get(host)?.addresses ?? [],
    };
  });
  const healthy = hosts.every(({ daemon, processes }) => daemon === 'none' || processes > 0);
  return { name, phase: 'up', source, healthy, hosts };
}
