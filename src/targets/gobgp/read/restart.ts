import { LONGEST_STALE_TIME } from '../../../bgp/long-lived.ts';
import type { PeerConfig } from '../../../bgp/peer-config.ts';
import type { SessionHabits } from '../../../bgp/session-habits.ts';
import { View } from './peer-view.ts';

const DEFAULT_RESTART_TIME = 90;

/** RFC 4724 and 9494: nothing of it unless the neighbor has it; `helper-only` lists no families. */
export function habitsOf(view: View): Pick<PeerConfig, 'habits'> {
  const at = (key: string) => ['graceful-restart', 'config', key];
  if (!view.flag(...at('enabled'))) return {};
  const lists = familiesWith(view, 'mp-graceful-restart').length > 0 && !view.flag(...at('helper-only'));
  const habits: Partial<SessionHabits> = {
    offersRestart: view.number(...at('restart-time')) || DEFAULT_RESTART_TIME,
    helpsRestart: 'listed',
    listsRestartFamilies: lists,
    ...(view.flag(...at('notification-enabled')) ? { sendsRestartNotification: true } : {}),
    ...(view.flag(...at('long-lived-enabled')) ? longLivedOf(view) : {}),
  };
  return { habits };
}

function longLivedOf(view: View): Partial<SessionHabits> {
  const table = 'long-lived-graceful-restart';
  const listed = view.flag('graceful-restart', 'config', 'helper-only') ? [] : familiesWith(view, table);
  const times = listed.map((family) => family.number(table, 'config', 'restart-time'));
  return {
    knowsLongLived: true,
    helpsLongLived: LONGEST_STALE_TIME,
    ...(listed.length > 0 ? { offersLongLived: true, offersLongLivedFor: Math.max(...times) } : {}),
  };
}

/** Families in which this table is enabled. */
function familiesWith(view: View, table: string): readonly View[] {
  const families = view.families.map((family) => new View(family, null));
  return families.filter((family) => family.flag(table, 'config', 'enabled'));
}
