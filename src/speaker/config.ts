import type { Diagnostic } from '../base/diagnostic.ts';
import type { BgpConfig, RouterConfig } from '../bgp/config.ts';
import type { AggregateConfig } from '../bgp/origination-config.ts';
import type { PeerConfig } from '../bgp/peer-config.ts';
import type { RouterProfile } from '../bgp/profile.ts';
import { peerName } from './reload.ts';

/** A configuration that the speaker can run. */
export interface SpeakerConfig {
  readonly config: RouterConfig;
  readonly bgp: BgpConfig;
}

/** What a reader made of the files, judged as a configuration for this speaker; `speaker` null: at least one error says why. */
export function speakerConfig(
  router: RouterConfig | null,
  profile: RouterProfile,
  files: readonly string[],
): { readonly speaker: SpeakerConfig | null; readonly diagnostics: readonly Diagnostic[] } {
  if (!router?.bgp) return { speaker: null, diagnostics: router ? [withoutBgp(files)] : [] };
  const peers = [...router.bgp.peers, ...router.bgp.listenRanges.map(({ peer }) => peer)];
  const diagnostics = [
    ...peers.flatMap(passwordFault),
    ...peers.flatMap(ttlFault),
    ...peers.flatMap(departures),
    ...router.bgp.aggregates.map(aggregateDeparture),
    ...(router.table?.protocols.length ? [tableDeparture(files)] : []),
  ];
  if (diagnostics.some(({ severity }) => severity === 'error')) return { speaker: null, diagnostics };
  // ExaBGP passes nothing on, whoever runs its file; all else is decided as this speaker decides.
  const { originatesOnly } = router.profile.quirks;
  const own = originatesOnly ? { ...profile, quirks: { ...profile.quirks, originatesOnly } } : profile;
  return { speaker: { config: { ...router, profile: own }, bgp: router.bgp }, diagnostics };
}

function withoutBgp(files: readonly string[]): Diagnostic {
  return {
    rule: 'speaker-config',
    severity: 'error',
    message: `${files.join(', ')}: no BGP is configured`,
    ranges: files.slice(0, 1).map((file) => ({ file, line: 1, column: 1 })),
    fix: 'name a file with a BGP router in it (`router bgp`, `[global.config]`, `protocol bgp`, `neighbor`)',
  };
}

function passwordFault(peer: PeerConfig): readonly Diagnostic[] {
  if (peer.password === null) return [];
  return [
    {
      rule: 'speaker-password',
      severity: 'error',
      message: `${nameOf(peer)}: a TCP MD5 password is configured, which this speaker cannot set on its sockets`,
      ranges: peer.source ? [peer.source] : [],
      fix: 'remove the password at both ends, or run one of the daemons for this session',
    },
  ];
}

/** A protection that would be missing without a word is refused (RFC 5082). */
function ttlFault(peer: PeerConfig): readonly Diagnostic[] {
  if (peer.ttlSecurityHops === null) return [];
  return [
    {
      rule: 'speaker-ttl-security',
      severity: 'error',
      message: `${nameOf(peer)}: TTL security is configured, and this speaker can neither send with TTL 255 nor look at the TTL of what comes`,
      ranges: peer.source ? [peer.source] : [],
      fix: 'remove it here and leave it to the host: net.ipv4.ip_default_ttl=255 for what is sent, a packet filter for what comes',
    },
  ];
}

/** What is configured and done otherwise here: the session may still come up. */
function departures(peer: PeerConfig): readonly Diagnostic[] {
  const told: string[] = [];
  if (peer.address === null && peer.interface !== null)
    told.push('the session is unnumbered, and Node cannot ask for the neighbour on a link: it is not opened');
  const families = Object.values(peer.families);
  if (families.some(({ defaultOriginate }) => defaultOriginate?.policy))
    told.push('default-originate with a route-map is not done: no default route is sent');
  for (const [family, { importPolicy, exportPolicy }] of Object.entries(peer.carried ?? {}))
    for (const { name } of [...importPolicy, ...exportPolicy])
      told.push(`${name} cannot be asked about routes of ${family}: it lets nothing pass`);
  return told.map((words) => ({
    rule: 'speaker-departure',
    severity: 'warning',
    message: `${nameOf(peer)}: ${words}`,
    ranges: peer.source ? [peer.source] : [],
    fix: 'configure the session without it, or run one of the daemons',
  }));
}

function aggregateDeparture({ prefix, source }: AggregateConfig): Diagnostic {
  return {
    rule: 'speaker-departure',
    severity: 'warning',
    message: `the aggregate ${prefix.text} is not made, and what it would keep back is sent`,
    ranges: source ? [source] : [],
    fix: 'announce it with `network` or `fabricgen speaker announce`, and filter the rest',
  };
}

function tableDeparture(files: readonly string[]): Diagnostic {
  return {
    rule: 'speaker-departure',
    severity: 'warning',
    message: `${files.join(', ')}: routes of protocols beside BGP (static, direct, kernel) are not announced by this speaker`,
    ranges: files.slice(0, 1).map((file) => ({ file, line: 1, column: 1 })),
    fix: 'announce them with `fabricgen speaker announce`',
  };
}

function nameOf(peer: PeerConfig): string {
  return `neighbor ${peerName(peer) || 'of a listen range'}`;
}
