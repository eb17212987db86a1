import { negotiatedHold } from '../../bgp/fsm/timers.ts';
import type { AddPathFamily } from '../../bgp/wire/capability/families.ts';
import { type FamilyKey, IPV4_UNICAST, type Negotiated } from '../../bgp/wire/negotiated.ts';
import type { Open } from '../../bgp/wire/open.ts';
import { MAX_EXTENDED_LENGTH, MAX_LENGTH } from '../../bgp/wire/registry.ts';

/** What two OPENs come to. */
export interface Agreement {
  readonly negotiated: Negotiated;
  /** Seconds; 0: no hold timer. */
  readonly holdTime: number;
  readonly routeRefresh: boolean;
  readonly enhancedRouteRefresh: boolean;
  /** RFC 8538: a NOTIFICATION that is no hard reset is like a lost connection to graceful restart. */
  readonly notificationRestart: boolean;
  readonly ours: Open;
  readonly theirs: Open;
}

/** What holds until the OPENs are there. */
export const beforeOpen: Negotiated = {
  fourOctetAs: false,
  families: new Set(),
  addPathReceive: new Set(),
  addPathSend: new Set(),
  extendedNextHop: new Set(),
  maxLength: MAX_LENGTH,
};

/** RFC 5492 and the RFC of each capability: what both said. */
export function negotiate(ours: Open, theirs: Open): Agreement {
  const [mine, yours] = [ours.capabilities, theirs.capabilities];
  const families = new Set(familiesOf(ours).filter((family) => familiesOf(theirs).includes(family)));
  const extended = mine.extendedMessage === true && yours.extendedMessage === true;
  return {
    negotiated: {
      fourOctetAs: mine.fourOctetAs !== undefined && yours.fourOctetAs !== undefined,
      families,
      addPathReceive: addPathBoth(mine.addPath, yours.addPath, 'receive'),
      addPathSend: addPathBoth(mine.addPath, yours.addPath, 'send'),
      extendedNextHop: new Set(
        (mine.extendedNextHop ?? [])
          .map(({ family }) => family)
          .filter((family) => yours.extendedNextHop?.some((one) => one.family === family)),
      ),
      maxLength: extended ? MAX_EXTENDED_LENGTH : MAX_LENGTH,
    },
    holdTime: negotiatedHold(ours.holdTime, theirs.holdTime),
    routeRefresh: mine.routeRefresh === true && yours.routeRefresh === true,
    enhancedRouteRefresh: mine.enhancedRouteRefresh === true && yours.enhancedRouteRefresh === true,
    notificationRestart:
      mine.gracefulRestart?.notification === true && yours.gracefulRestart?.notification === true,
    ours,
    theirs,
  };
}

/** Who says nothing of families speaks IPv4 unicast (RFC 4760 section 8). */
function familiesOf({ capabilities: { multiprotocol } }: Open): readonly FamilyKey[] {
  return multiprotocol.length === 0 ? [IPV4_UNICAST] : multiprotocol;
}

/** RFC 7911 section 4: one end sends, the other receives. */
function addPathBoth(
  ours: readonly AddPathFamily[] = [],
  theirs: readonly AddPathFamily[] = [],
  way: 'receive' | 'send',
): ReadonlySet<FamilyKey> {
  const back = way === 'receive' ? 'send' : 'receive';
  const fits = ours.filter(
    (mine) => mine[way] && theirs.some((yours) => yours.family === mine.family && yours[back]),
  );
  return new Set(fits.map(({ family }) => family));
}
