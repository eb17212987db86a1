import { type FamilyName, familyNames, ipFamilyOf } from '../../../base/family.ts';
import type { PeerConfig } from '../../../bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../../bgp/peer-family-config.ts';
import type { Policy } from '../../../bgp/policy/types.ts';
import type { SessionHabits } from '../../../bgp/session-habits.ts';
import { carriedConfig } from './carried.ts';
import type { Defaults, DialectId } from './dialect.ts';
import type { PeerDraft, PeerFamilyDraft, Reference, RouterDraft, SessionDraft } from './draft.ts';
import type { PolicyResolver } from './policies.ts';

export interface PeerContext {
  readonly router: RouterDraft;
  readonly defaults: Defaults;
  readonly policies: PolicyResolver;
  /** All prefix-lists of the router as text. */
  readonly lists: () => string;
  readonly dialect: DialectId;
  /** What neighbors have in common that are configured alike, by what their lines say; and by their AS. */
  readonly alike: Map<string, Map<PeerConfig['remoteAs'], PeerConfig>>;
}

/** What neighbors that are configured alike have in common: all but who they are; null as in `peerConfig`. */
export function sharedConfig(draft: PeerDraft, context: PeerContext): PeerConfig | null {
  const content = contentOf(draft);
  const remoteAs = remoteAsOf(draft, context);
  if (remoteAs === null) return null;
  const alike = context.alike.get(content);
  const known = alike?.get(remoteAs);
  if (known) return known;
  const [other] = alike?.values() ?? [];
  if (alike && other) {
    const shared = { ...other, remoteAs };
    alike.set(remoteAs, shared);
    return shared;
  }
  const { placed } = context.policies;
  const shared = withoutNames(peerConfig(draft, context));
  if (shared && context.policies.placed === placed) context.alike.set(content, new Map([[remoteAs, shared]]));
  return shared;
}

function withoutNames(config: PeerConfig | null): PeerConfig | null {
  return config && { ...config, address: null, interface: null, description: null, source: null };
}

function groupOf({ group }: PeerDraft, { router }: PeerContext) {
  return group === null ? null : (router.groups.get(group) ?? null);
}

/** The group's, but for a number that the neighbor had before it joined one that says `internal` or `external`. */
function remoteAsOf(draft: PeerDraft, context: PeerContext): PeerConfig['remoteAs'] | null {
  const ofGroup = groupOf(draft, context)?.remoteAs ?? null;
  const own = draft.remoteAs;
  return ofGroup === null || (typeof ofGroup === 'string' && typeof own === 'number') ? own : ofGroup;
}

/** What the neighbor has for itself beside `sharedConfig`. */
export function descriptionOf({ group, session }: PeerDraft, { router }: PeerContext): string | null {
  return (
    session.description ?? (group === null ? null : router.groups.get(group)?.session.description) ?? null
  );
}

/** Lines end where the text of a value does, so that no value can pass for two. */
function contentOf({ group, session, families, carried }: PeerDraft): string {
  const { 'ipv4-unicast': four, 'ipv6-unicast': six } = families;
  return `${group ?? ''}\n${fieldsOf(session)}\n4\n${fieldsOf(four)}\n6\n${fieldsOf(six)}${carried ? JSON.stringify(carried) : ''}`;
}

function fieldsOf(fields: SessionDraft | PeerFamilyDraft): string {
  let text = '';
  for (const [key, value] of Object.entries(fields))
    if (key !== 'description') text += `${key} ${typeof value === 'object' ? textOf(value) : value}\n`;
  return text;
}

function textOf(value: object): string {
  if ('source' in value && 'name' in value) return `${value.name}`;
  return JSON.stringify(value, (key, item) =>
    key === 'source' ? undefined : typeof item === 'bigint' ? `${item}` : item,
  );
}

/** A neighbor with what it has from its group and from the instance; null where no remote-as is known. */
export function peerConfig(draft: PeerDraft, context: PeerContext): PeerConfig | null {
  const { router, defaults } = context;
  const group = groupOf(draft, context);
  const remoteAs = remoteAsOf(draft, context);
  if (remoteAs === null) return null;
  const session = { ...group?.session, ...draft.session };
  const timers = session.timers ?? router.timers ?? defaults;
  const families: Partial<Record<FamilyName, PeerFamilyConfig>> = {};
  for (const family of familyNames) {
    const merged = mergedFamily(draft.families[family], group?.families[family]);
    if (merged.activate === true) families[family] = familyConfig(merged, family, session, context);
  }
  const habits = habitsOf(router, session.gracefulRestart, context.policies.holdsNeighbors());
  const carried = carriedConfig(draft, group);
  return {
    address: draft.address,
    interface: draft.interface,
    remoteAs,
    localAs: session.localAs ?? null,
    updateSource: session.updateSource ?? null,
    port: session.port ?? 179,
    passive: session.passive ?? false,
    ...(session.extendedNextHop ? { extendedNextHop: true } : {}),
    // For ten minutes (BGP_PRE_CONFIG_MAX_WAIT_SECONDS), longer than anybody looks.
    shutdown: router.switches.unfinished ?? session.shutdown ?? router.switches.shutdown ?? false,
    ...(context.router.switches.shutdown && !session.shutdown ? { shutdownWithAll: true } : {}),
    password: session.password ?? null,
    ebgpMultihop: session.ebgpMultihop ?? null,
    ttlSecurityHops: session.ttlSecurityHops ?? null,
    disableConnectedCheck: session.disableConnectedCheck ?? router.switches.noConnectedCheck ?? false,
    ...(session.solo ? { solo: true } : {}),
    ...(session.senderLoopCheck ? { senderLoopCheck: true } : {}),
    ...(session.enforceFirstAs === undefined ? {} : { enforceFirstAs: session.enforceFirstAs }),
    ...(session.presentsMember && speaksInside(context) ? { presentsMember: true } : {}),
    ...(session.localRole ? { localRole: session.localRole } : {}),
    timers: {
      keepalive: timers.keepalive,
      hold: timers.hold,
      connectRetry: session.connectRetry ?? defaults.connectRetry,
    },
    families,
    impliedFamilies: familyNames.filter((family) => {
      const own = draft.families[family];
      return isImplied(own.activate === undefined && group ? group.families[family] : own);
    }),
    ...(carried ? { carried } : {}),
    ...(habits ? { habits } : {}),
    description: session.description ?? null,
    ...(draft.group === null ? {} : { group: draft.group }),
    ...(session.advertisementInterval ? { advertisementInterval: session.advertisementInterval } : {}),
    source: draft.source,
  };
}

/**
 * What a member does not say it has from its group; each attribute that stays unchanged is a flag of its own (peer_af_flag_set), and so is
 * that a limit only warns: a limit of its own without it leaves that to the group (peer_af_flag_inherit).
 */
function mergedFamily(own: PeerFamilyDraft, group: PeerFamilyDraft = {}): PeerFamilyDraft {
  const [mine, shared] = [own.attributeUnchanged, group.attributeUnchanged];
  if (own.maximumPrefix && group.maximumPrefix?.warns && !own.maximumPrefix.warns)
    return mergedFamily({ ...own, maximumPrefix: { ...own.maximumPrefix, warns: true } }, group);
  if (!mine || !shared) return { ...group, ...own };
  const attributeUnchanged = {
    asPath: mine.asPath || shared.asPath,
    nextHop: mine.nextHop || shared.nextHop,
    med: mine.med || shared.med,
  };
  return { ...group, ...own, attributeUnchanged };
}

function isImplied({ activate, implied }: PeerFamilyDraft): boolean {
  return activate === undefined || implied === true;
}

/** `bgp fast-external-failover`, `bgp graceful-restart` and what a neighbor says of its own; null: as the profile has it. */
function habitsOf(
  { switches, restartTime, staleTime }: RouterDraft,
  own: 'restart' | 'helper' | 'disable' | undefined,
  held: boolean,
): Partial<SessionHabits> | null {
  const whole = switches.gracefulRestartDisable ? 'disable' : switches.gracefulRestart ? 'restart' : 'helper';
  const mode = own ?? whole;
  const habits: Partial<SessionHabits> = {
    ...(held ? { heldAtStart: 4 } : {}),
    ...(switches.fastExternalFailover === false ? { fallsWithInterface: 'none' } : {}),
    ...(mode === 'disable'
      ? { offersRestart: 0, helpsRestart: 'none', offersLongLived: false, knowsLongLived: false }
      : {}),
    ...(mode === 'restart' ? { listsRestartFamilies: true } : {}),
    ...(mode === 'restart' && switches.preservesForwarding ? { preservesForwarding: true } : {}),
    ...(mode !== 'disable' && restartTime !== null ? { offersRestart: restartTime } : {}),
    ...(mode !== 'disable' && staleTime !== null
      ? { offersLongLivedFor: staleTime, helpsLongLived: staleTime }
      : {}),
  };
  return Object.keys(habits).length === 0 ? null : habits;
}

/** What a dynamic neighbor of this group gets; it has no address yet. */
export function rangeConfig(group: PeerDraft, context: PeerContext): PeerConfig | null {
  const session = { ...group.session, presentsMember: true };
  const config = peerConfig({ ...group, session }, context);
  return config && { ...config, address: null, interface: null, passive: true };
}

function speaksInside({ router, dialect }: PeerContext): boolean {
  return router.confederationId !== null && dialect !== 'quagga-1.2';
}

/** Filters run in this order, in and out: distribute-list, prefix-list, filter-list, route-map. */
function familyConfig(
  draft: PeerFamilyDraft,
  family: FamilyName,
  session: SessionDraft,
  { policies, lists, dialect }: PeerContext,
): PeerFamilyConfig {
  const version = ipFamilyOf(family);
  const limit = draft.maximumPrefix?.warns ? undefined : draft.maximumPrefix;
  const chain = (
    distribute: Reference | undefined,
    prefix: Reference | undefined,
    filter: Reference | undefined,
    map: Reference | undefined,
  ): Policy[] => [
    ...(distribute ? [policies.distributeList(distribute, version)] : []),
    ...(prefix ? [policies.prefixList(prefix, version)] : []),
    ...(filter ? [policies.filterList(filter)] : []),
    ...(map ? [policies.routeMap(map)] : []),
  ];
  const written = draft.attributeUnchanged ?? { asPath: false, nextHop: false, med: false };
  const unchanged = { ...written, nextHop: written.nextHop || draft.keepsNextHop === true };
  return {
    importPolicy: chain(draft.distributeListIn, draft.prefixListIn, draft.filterListIn, draft.routeMapIn),
    ...(draft.routeMapIn && !draft.softReconfiguration && policies.standsBelow(draft.routeMapIn)
      ? { importPolicyAtFirst: [policies.notFoundYet(draft.routeMapIn)] }
      : {}),
    exportPolicy: chain(draft.distributeListOut, draft.prefixListOut, draft.filterListOut, draft.routeMapOut),
    ...(draft.unsuppressMap
      ? {
          unsuppressPolicy: chain(
            draft.distributeListOut,
            draft.prefixListOut,
            draft.filterListOut,
            draft.unsuppressMap,
          ),
        }
      : {}),
    nextHopSelf: draft.nextHopSelf ?? 'no',
    nextHopUnchanged: unchanged.nextHop,
    attributeUnchanged: unchanged,
    routeReflectorClient: draft.routeReflectorClient ?? false,
    routeServerClient: draft.routeServerClient ?? false,
    allowasIn: draft.allowasIn ?? 0,
    ...(draft.allowasInOrigin ? { allowasInOrigin: true } : {}),
    ...(draft.siteOfOrigin ? { siteOfOrigin: draft.siteOfOrigin } : {}),
    asOverride: draft.asOverride ?? false,
    removePrivateAs: draft.removePrivateAs ?? null,
    sendCommunity: draft.sendCommunity ?? { standard: true, extended: true, large: true },
    weight: draft.weight ?? session.weight ?? null,
    maximumPrefix: limit?.count ?? null,
    ...(session.aigp ? { aigp: true } : {}),
    // What was refused is counted only where it is kept (bgp_filtered_routes_count; seen on 8.4).
    ...(limit?.restart ? { maximumPrefixRestart: limit.restart } : {}),
    ...(draft.softReconfiguration ? { keepsReceived: true } : {}),
    ...(limit?.force && draft.softReconfiguration ? { maximumPrefixForce: true } : {}),
    ...(draft.maximumPrefixOut ? { maximumPrefixOut: draft.maximumPrefixOut } : {}),
    ...(draft.advertiseMap
      ? {
          conditional: {
            routes: policies.routeMap(draft.advertiseMap.routes),
            condition: policies.routeMap(draft.advertiseMap.condition),
            when: draft.advertiseMap.when,
            exportPolicy: chain(draft.distributeListOut, draft.prefixListOut, draft.filterListOut, undefined),
          },
        }
      : {}),
    defaultOriginate: draft.defaultOriginate
      ? { policy: draft.defaultOriginate.routeMap && policies.routeMap(draft.defaultOriginate.routeMap) }
      : null,
    ...(draft.prefixFilter ? { prefixFilter: { ...draft.prefixFilter, lists: lists() } } : {}),
    addPathSend: draft.addPathSend ?? 'none',
    addPathReceive: dialect !== 'quagga-1.2' && draft.disableAddPathReceive !== true,
  };
}
