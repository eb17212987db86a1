import type { Daemon, DaemonKind } from '../../model/fabric.ts';
import type { Findings } from './findings.ts';
import { placeIn, type Variable, type Variables } from './variables.ts';

const defaultVersions: Readonly<Record<DaemonKind, string>> = {
  quagga: '1.2',
  frr: '8.4',
  gobgp: '3',
  bird: '2',
  exabgp: '4',
  speaker: '1',
  external: '',
  none: '',
};

/** Daemons the inventory may name but nothing can write yet. */
const notRendered: readonly DaemonKind[] = ['bird', 'exabgp', 'speaker'];

/** Versions whose files are written and whose habits are simulated; `10` stands for 10.1 too. */
const knownVersions: Partial<Readonly<Record<DaemonKind, readonly string[]>>> = {
  quagga: ['1.2'],
  frr: ['8.4', '10'],
  gobgp: ['3'],
};

/** The daemon of a host: what it says, else frr where it has any variable of BGP, else none. */
export function daemonOf(vars: Variables, findings: Findings): Daemon {
  const kind = vars.value('bgp_daemon', hasBgpVariables(vars) ? 'frr' : 'none');
  const named = vars.find('bgp_daemon');
  if (named && notRendered.includes(kind)) {
    findings.error({
      rule: 'daemon-not-rendered',
      message: `bgp_daemon ${kind} cannot be rendered`,
      ranges: [placeIn(named)],
      found: kind,
      expected: 'quagga, frr, gobgp, external or none',
      fix: 'choose a daemon that can be rendered, or external for a host that is configured elsewhere',
    });
  }
  const wanted = vars.find('bgp_daemon_version');
  checkVersion(kind, wanted, findings);
  return {
    kind,
    version: versionText(wanted) ?? defaultVersions[kind],
    layout: kind === 'quagga' ? 'separate' : vars.value('bgp_frr_layout', 'integrated'),
    defaults: vars.value('bgp_frr_defaults', 'traditional'),
  };
}

function checkVersion(kind: DaemonKind, wanted: Variable<string | number> | null, findings: Findings): void {
  const known = knownVersions[kind];
  const version = versionText(wanted);
  if (!wanted || !known || version === null) return;
  if (known.some((one) => version === one || version.startsWith(`${one}.`))) return;
  findings.warning({
    rule: 'daemon-version',
    message: `bgp_daemon_version ${version} of ${kind} is not a version that fabricgen knows`,
    ranges: [placeIn(wanted)],
    found: version,
    expected: known.join(' or '),
    fix: 'write the nearest known version, and let the daemon of the host check the rendered files: the manifest says how',
  });
}

function hasBgpVariables(vars: Variables): boolean {
  for (const name of vars.host.vars.keys()) if (name.startsWith('bgp_')) return true;
  return false;
}

/** `8.4` and "8.4" are the same. Where YAML made another number of it (`20.10`), what was written is what is meant. */
export function versionText(variable: Variable<string | number> | null): string | null {
  return variable && (variable.node.written ?? String(variable.value));
}
