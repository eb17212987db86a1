import type { RouterProfile } from '../../../bgp/profile.ts';
import { frr10Profile, frr84Profile, quagga12Profile } from '../decision.ts';
import type { Draft } from './draft.ts';

export type DialectId = 'quagga-1.2' | 'frr-8.4' | 'frr-10';

/** The dialect of files written for this daemon and version. */
export function dialectFor(daemon: 'frr' | 'quagga', version: string): DialectId {
  if (daemon === 'quagga') return 'quagga-1.2';
  return Number.parseInt(version, 10) >= 10 ? 'frr-10' : 'frr-8.4';
}

export const profiles: Readonly<Record<DialectId, RouterProfile>> = {
  'quagga-1.2': quagga12Profile,
  'frr-8.4': frr84Profile,
  'frr-10': frr10Profile,
};

/** What the daemon holds where the files are silent. */
export interface Defaults {
  readonly keepalive: number;
  readonly hold: number;
  readonly connectRetry: number;
  readonly ebgpRequiresPolicy: boolean;
  readonly importCheck: boolean;
  readonly deterministicMed: boolean;
  readonly enforceFirstAs: boolean;
  readonly rejectAsSets: boolean;
  readonly resolveViaDefault: boolean;
  readonly maximumPaths: number;
}

const quaggaDefaults: Defaults = {
  keepalive: 60,
  hold: 180,
  connectRetry: 5,
  ebgpRequiresPolicy: false,
  importCheck: false,
  deterministicMed: false,
  enforceFirstAs: false,
  rejectAsSets: false,
  resolveViaDefault: false,
  maximumPaths: 1,
};

/** FRR `FRR_CFG_DEFAULT_*` in bgp_vty.c: by profile and by the version the file claims; 256 paths as Debian builds it. */
export function defaultsFor(dialect: DialectId, draft: Draft): Defaults {
  if (dialect === 'quagga-1.2') return quaggaDefaults;
  const datacenter = draft.frrDefaults === 'datacenter';
  const ten = dialect === 'frr-10';
  const claimed = versionNumber(draft.frrVersion) ?? (ten ? 10 : 8.04);
  return {
    keepalive: datacenter ? 3 : 60,
    hold: datacenter ? 9 : 180,
    connectRetry: datacenter ? 10 : 120,
    ebgpRequiresPolicy: !datacenter && claimed >= 7.04,
    importCheck: datacenter || claimed >= 7.04,
    deterministicMed: datacenter,
    enforceFirstAs: ten && claimed >= 9.01,
    rejectAsSets: ten,
    resolveViaDefault: ten && !datacenter,
    maximumPaths: 256,
  };
}

/** `8.4.1` as 8.04, so that 7.10 is above 7.4. */
function versionNumber(text: string | null): number | null {
  const parts = /^(\d+)\.(\d+)/.exec(text ?? '');
  return parts ? Number(parts[1]) + Number(parts[2]) / 100 : null;
}
