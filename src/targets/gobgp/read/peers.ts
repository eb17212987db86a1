import { type FamilyName, familyNames, isCarried } from '../../../base/family.ts';
import { type Address, parseAddress, parsePrefix } from '../../../base/ip.ts';
import type { BgpConfig } from '../../../bgp/config.ts';
import type { PeerConfig } from '../../../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import { isKnownFamily } from './conditions.ts';
import { type Table, tableAt, tablesAt, textAt } from './decode.ts';
import type { Asked } from './neighbor-commands.ts';
import { addPaths, lostByGroups, View } from './peer-view.ts';
import type { AssignedPolicies } from './policies.ts';
import type { Reading } from './reading.ts';
import { reloadOf } from './reload.ts';
import { habitsOf } from './restart.ts';

/** What the peers of a file are read with. */
export interface PeerContext {
  readonly asn: number;
  readonly policies: AssignedPolicies;
  readonly groups: ReadonlyMap<string, Table>;
  /** The file as it is: what commands change stands in no file. */
  readonly written: Table;
  readonly asked: Asked;
  readonly reading: Reading;
}

export function peerGroups(file: Table): Map<string, Table> {
  return new Map(
    tablesAt(file, 'peer-groups').map((table) => [
      textAt(tableAt(table, 'config'), 'peer-group-name'),
      table,
    ]),
  );
}

export function readNeighbors(file: Table, context: PeerContext): PeerConfig[] {
  return tablesAt(file, 'neighbors').flatMap((table) => {
    const name = textAt(tableAt(table, 'config'), 'peer-group');
    const group = name === '' ? null : (context.groups.get(name) ?? null);
    if (name !== '' && !group) {
      const source = tableAt(table, 'config')?.entries.get('peer-group')?.source ?? table.source;
      context.reading.undefinedName(
        source,
        'peer group',
        name,
        context.groups.keys(),
        'gobgpd runs without the neighbor',
      );
      return [];
    }
    const view = new View(table, group);
    const text = view.text('config', 'neighbor-address');
    const address = text === '' ? null : parseAddress(text);
    const port = view.text('config', 'neighbor-interface') || null;
    if (!address && (text !== '' || port === null)) {
      const source = view.entry('config', 'neighbor-address')?.source ?? table.source;
      context.reading.stop(source, `'${text}' is not the address of a neighbor`, 'Correct it.');
      return [];
    }
    const peer = readPeer(view, { address, interface: port }, table, context);
    const byFile = writtenView(context.written, text || port);
    const asked = context.asked.ofNeighbor(text);
    return [{ ...peer, ...(byFile ? reloadOf(byFile) : {}), ...asked, ...spelling(text, address) }];
  });
}

/** The neighbor as the file has it; null: a command has made it. */
function writtenView(file: Table, name: string | null): View | null {
  const own = tablesAt(file, 'neighbors').find((table) => {
    const config = tableAt(table, 'config');
    return (textAt(config, 'neighbor-address') || textAt(config, 'neighbor-interface')) === name;
  });
  return own
    ? new View(own, peerGroups(file).get(textAt(tableAt(own, 'config'), 'peer-group')) ?? null)
    : null;
}

/** Sessions are kept by the address as it was written: with another spelling a caller is not known (passConnToPeer), and only GoBGP's own calls count. */
function spelling(text: string, address: Address | null): Pick<PeerConfig, 'writtenAs' | 'listenPorts'> {
  return address === null || address.text === text ? {} : { writtenAs: text, listenPorts: [] };
}

export function readDynamicNeighbors(file: Table, context: PeerContext): BgpConfig['listenRanges'] {
  return tablesAt(file, 'dynamic-neighbors').flatMap((table) => {
    const config = tableAt(table, 'config');
    const [text, name] = [textAt(config, 'prefix'), textAt(config, 'peer-group')];
    const prefix = parsePrefix(text);
    const group = context.groups.get(name);
    if (!prefix) context.reading.stop(table.source, `'${text}' is not a network`, 'Correct it.');
    if (!group) {
      const source = config?.entries.get('peer-group')?.source ?? table.source;
      context.reading.undefinedName(source, 'peer group', name, context.groups.keys());
    }
    if (!prefix || !group) return [];
    const peer = readPeer(
      new View(null, group),
      { address: null, interface: null },
      group,
      context,
      prefix.family,
    );
    return [{ prefix, peer: { ...peer, passive: true }, source: table.source }];
  });
}

const DEFAULT_HOLD = 90;
const DEFAULT_CONNECT_RETRY = 120;

function readPeer(
  view: View,
  found: { readonly address: Address | null; readonly interface: string | null },
  table: Table,
  context: PeerContext,
  ranged: 4 | 6 = 4,
): PeerConfig {
  const remoteAs = view.number('config', 'peer-as');
  const localAs = view.number('config', 'local-as');
  refusals(view, remoteAs === (localAs || context.asn), table, context.reading);
  notes(view, context.reading);
  const hold = view.number('timers', 'config', 'hold-time') || DEFAULT_HOLD;
  const localAddress = parseAddress(view.text('transport', 'config', 'local-address'));
  const unspecified = localAddress === null || localAddress.value === 0n;
  const family = found.address?.family ?? ranged;
  return {
    address: found.address,
    interface: found.interface,
    remoteAs: remoteAs === 0 ? 'any' : remoteAs,
    // GoBGP speaks as local-as alone: never both ASNs in the path.
    localAs:
      localAs === 0 || localAs === context.asn ? null : { asn: localAs, noPrepend: true, replaceAs: true },
    updateSource: unspecified ? null : localAddress,
    port: view.number('transport', 'config', 'remote-port') || 179,
    passive: view.flag('transport', 'config', 'passive-mode'),
    shutdown: view.flag('config', 'admin-down'),
    password: view.text('config', 'auth-password') || null,
    ebgpMultihop: view.flag('ebgp-multihop', 'config', 'enabled')
      ? view.number('ebgp-multihop', 'config', 'multihop-ttl') || 255
      : null,
    ttlSecurityHops: view.flag('ttl-security', 'config', 'enabled')
      ? 256 - (view.number('ttl-security', 'config', 'ttl-min') || 255)
      : null,
    disableConnectedCheck: true,
    timers: {
      hold,
      keepalive: view.number('timers', 'config', 'keepalive-interval') || hold / 3,
      connectRetry: view.number('timers', 'config', 'connect-retry') || DEFAULT_CONNECT_RETRY,
    },
    ...habitsOf(view),
    families: readFamilies(view, family, found.interface !== null, context),
    // It offers RFC 8950 to everybody.
    ...(family === 6 && found.interface === null ? { extendedNextHop: true } : {}),
    ...carriedOf(view, context),
    description: view.text('config', 'description') || null,
    source: table.source,
  };
}

/** What gobgpd refuses when it fills in the defaults (SetDefaultNeighborConfigValues). */
function refusals(view: View, internal: boolean, table: Table, reading: Reading): void {
  const refuse = (path: readonly string[], what: string): void => {
    const source = view.written(...path)?.source ?? table.source;
    reading.stop(source, what, 'Remove the line.');
  };
  if (internal && (view.written('config', 'remove-private-as')?.value ?? '') !== '') {
    refuse(['config', 'remove-private-as'], 'remove-private-as on an iBGP session');
  }
  if (internal && view.written('as-path-options', 'config', 'replace-peer-as')?.value === true) {
    refuse(['as-path-options', 'config', 'replace-peer-as'], 'replace-peer-as on an iBGP session');
  }
  if (view.flag('ebgp-multihop', 'config', 'enabled') && view.flag('ttl-security', 'config', 'enabled')) {
    refuse(['ttl-security', 'config', 'enabled'], 'ebgp-multihop and ttl-security exclude each other');
  }
}

/** Lines that are decoded and do nothing, or do something that is not simulated. */
function notes(view: View, reading: Reading): void {
  const say = (path: readonly string[], effect: string, matters: boolean): void => {
    const entry = view.entry(...path);
    if (entry && entry.value !== false && entry.value !== '')
      reading.note(entry.key, path.join('.'), effect, matters);
  };
  for (const path of lostByGroups) {
    const entry = view.inherited(...path.split(' '));
    if (entry) reading.note(entry.key, path, 'gobgpd 3 forgets this where it comes from a peer group', false);
  }
  say(['config', 'vrf'], 'VRFs are not simulated', true);
  say(['config', 'send-community'], 'gobgpd 3 always sends communities', false);
  say(['config', 'route-flap-damping'], 'gobgpd 3 does not dampen routes', false);
  const applied = appliedTo(view);
  if (applied && !view.flag('route-server', 'config', 'route-server-client')) {
    const effect = 'gobgpd applies the policies of a neighbor only to route-server clients';
    reading.note(applied.source, 'apply-policy', effect, false);
  }
}

function appliedTo(view: View): Table | null {
  return tableAt(view.own, 'apply-policy', 'config') ?? tableAt(view.group, 'apply-policy', 'config');
}

/** None listed: unicast of the neighbor's own kind; both over an interface. */
function readFamilies(
  view: View,
  family: 4 | 6,
  unnumbered: boolean,
  context: PeerContext,
): PeerConfig['families'] {
  const families: Partial<Record<FamilyName, PeerFamilyConfig>> = {};
  const listed = view.families;
  if (listed.length === 0) {
    const own: FamilyName = family === 4 ? 'ipv4-unicast' : 'ipv6-unicast';
    for (const name of unnumbered ? familyNames : [own]) families[name] = familyConfig(view, null, context);
    return families;
  }
  for (const table of listed) {
    const config = tableAt(table, 'config');
    const entry = config?.entries.get('afi-safi-name');
    const name = textAt(config, 'afi-safi-name');
    const modelled = familyNames.find((each) => each === name);
    if (modelled) families[modelled] = familyConfig(view, table, context);
    else if (isKnownFamily(name)) {
      const effect = 'routes of this address family are not simulated';
      context.reading.note(entry?.source ?? table.source, name, effect, false, isCarried(name));
    } else context.reading.undefinedName(entry?.source ?? table.source, 'address family', name, familyNames);
    if (config?.entries.get('enabled')?.value === false) {
      context.reading.note(
        table.source,
        `${name}: enabled = false`,
        'gobgpd 3 offers the family all the same',
        false,
      );
    }
  }
  return families;
}

/** Families that only a speaker passes on. */
function carriedOf(view: View, context: PeerContext): Pick<PeerConfig, 'carried'> {
  const found = view.families.flatMap((table) => {
    const name = textAt(tableAt(table, 'config'), 'afi-safi-name');
    return isCarried(name) ? [[name, familyConfig(view, table, context)] as const] : [];
  });
  return found.length === 0 ? {} : { carried: Object.fromEntries(found) };
}

function familyConfig(view: View, table: Table | null, { policies, reading }: PeerContext): PeerFamilyConfig {
  const { sendMax, receive } = addPaths(view, table);
  const isReflected = view.flag('route-reflector', 'config', 'route-reflector-client');
  const given = isReflected ? clusterId(view, reading) : null;
  const removal = view.text('config', 'remove-private-as');
  const isClient = view.flag('route-server', 'config', 'route-server-client');
  const { imports, exports } = isClient ? policies.ofClient(appliedTo(view)) : policies;
  return {
    importPolicy: imports,
    exportPolicy: exports,
    nextHopSelf: 'no',
    nextHopUnchanged: false,
    attributeUnchanged: { asPath: false, nextHop: false, med: false },
    routeReflectorClient: isReflected,
    ...(isReflected && given !== null ? { clusterId: given } : {}),
    routeServerClient: isClient,
    ...(isClient && view.flag('route-server', 'config', 'secondary-route') ? { secondaryRoute: true } : {}),
    // Route servers pass on all attributes as they are.
    allowsLocalPref: isClient,
    allowasIn: view.number('as-path-options', 'config', 'allow-own-as'),
    asOverride: view.flag('as-path-options', 'config', 'replace-peer-as'),
    removePrivateAs: removal === '' ? null : { all: true, replaceAs: removal === 'replace' },
    sendCommunity: { standard: true, extended: true, large: true },
    weight: null,
    maximumPrefix: new View(table, null).number('prefix-limit', 'config', 'max-prefixes') || null,
    defaultOriginate: null,
    // 3.10 sends every path where send-max is not 0: the number is a capability and no limit.
    addPathSend: sendMax > 0 ? 'all' : 'none',
    addPathReceive: receive,
  };
}

/** Each client has its own, an address or a number of 32 bits; null: the router id. */
function clusterId(view: View, reading: Reading): number | null {
  const entry = view.entry('route-reflector', 'config', 'route-reflector-cluster-id');
  const text = view.text('route-reflector', 'config', 'route-reflector-cluster-id');
  if (!entry || text === '') return null;
  const address = parseAddress(text);
  if (address?.family === 4) return Number(address.value);
  if (/^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff) return Number(text);
  const message = `'${text}' is not a cluster id`;
  reading.stop(entry.source, message, 'Give an IPv4 address or a number.', text);
  return null;
}
