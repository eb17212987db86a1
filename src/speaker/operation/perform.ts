import type { CarriedFamily } from '../../base/family.ts';
import { parseAddress } from '../../base/ip.ts';
import { LOCAL } from '../../bgp/rib/table-owner.ts';
import { announceCarried, readCarriedRoute, readDestination, withdrawCarried } from '../carried/announced.ts';
import type { SpeakerConfig } from '../config.ts';
import { familyKeys } from '../session/our-open.ts';
import type { Speaker } from '../speaker.ts';
import type { Operation, Outcome } from './operation.ts';
import { readAttributes, readExtendedCommunities, readPrefix, withoutFamily } from './requests.ts';

/** Reads configuration files again; the words say why they cannot be used. */
export type ConfigReader = (files: Readonly<Record<string, string>>) => SpeakerConfig | string;

/** Does what an operation says; a refusal changes nothing. */
export function perform(speaker: Speaker, operation: Operation, read: ConfigReader): Outcome {
  switch (operation.kind) {
    case 'start':
      speaker.start();
      return done;
    case 'announce':
    case 'withdraw':
      return route(speaker, operation);
    case 'reset':
    case 'shutdown':
    case 'enable':
      return session(speaker, operation);
    case 'host':
      speaker.setHost(operation.state);
      return done;
    case 'reload': {
      const next = read(operation.files);
      if (typeof next === 'string') return refused(next);
      return { ok: true, words: speaker.reload(next.config, next.bgp) };
    }
    case 'stop':
      if (operation.graceful) speaker.leave();
      else speaker.stop(operation.message);
      return done;
  }
}

const done: Outcome = { ok: true };

function refused(words: string): Outcome {
  return { ok: false, words };
}

function route(speaker: Speaker, operation: Operation & { kind: 'announce' | 'withdraw' }): Outcome {
  if (operation.family !== undefined) return carriedRoute(speaker, operation, operation.family);
  const prefix = readPrefix(operation.prefix);
  if ('refused' in prefix) return refused(prefix.refused);
  if (operation.kind === 'withdraw') {
    if (speaker.originations.withdraw(prefix)) return done;
    return refused(`${prefix.text} was not announced by an operator`);
  }
  const attributes = readAttributes(prefix, operation.attributes);
  if ('refused' in attributes) return refused(attributes.refused);
  const extendedCommunities = readExtendedCommunities(operation.attributes);
  if ('refused' in extendedCommunities) return refused(extendedCommunities.refused);
  const stray = withoutFamily(operation.attributes);
  if (stray) return refused(stray.refused);
  if (speaker.originations.operatorRoutes.size >= MOST_OPERATOR_ROUTES)
    return refused(`${MOST_OPERATOR_ROUTES} announced routes are the limit`);
  speaker.originations.announce(speaker.router, { prefix, attributes, extendedCommunities });
  return done;
}

function carriedRoute(
  speaker: Speaker,
  operation: Operation & { kind: 'announce' | 'withdraw' },
  family: CarriedFamily,
): Outcome {
  const tables = speaker.carried.get(familyKeys[family]);
  if (!tables) return refused(`${family} has no table`);
  if (operation.kind === 'withdraw') {
    const destination = readDestination(family, operation.prefix);
    if ('refused' in destination) return refused(destination.refused);
    if (withdrawCarried(tables, destination)) return done;
    return refused(`${operation.prefix} was not announced by an operator`);
  }
  const announced = readCarriedRoute(family, operation.prefix, operation.attributes);
  if ('refused' in announced) return refused(announced.refused);
  if (tables.rib.countOf(LOCAL).received >= MOST_OPERATOR_ROUTES)
    return refused(`${MOST_OPERATOR_ROUTES} announced routes are the limit`);
  announceCarried(speaker.router, tables, announced);
  return done;
}

/** An endless pipe into standard input must not fill the memory. */
const MOST_OPERATOR_ROUTES = 1_000_000;

function session(
  speaker: Speaker,
  operation: Operation & { kind: 'reset' | 'shutdown' | 'enable' },
): Outcome {
  const name = parseAddress(operation.neighbor)?.text ?? operation.neighbor;
  const neighbor = speaker.neighbor(name);
  if (!neighbor) return refused(`${name} is not a neighbor`);
  if (operation.kind === 'shutdown') neighbor.stop(operation.message);
  else if (operation.kind === 'enable') {
    if (neighbor.config.shutdown) return refused(`${name} is shut down by the configuration`);
    if (!neighbor.running) neighbor.start();
  } else if (operation.how === 'hard') neighbor.restart(operation.message ?? '');
  else if (operation.how === 'refresh') {
    if (!neighbor.askAgain()) return refused(`${name} is not up, or cannot say its routes again`);
  } else neighbor.refresh({ in: operation.how !== 'out', out: operation.how !== 'in' });
  return done;
}
