import { describe, expect, it } from 'vitest';
import { eventNames, states } from '../../../src/bgp/fsm/events.ts';
import { notificationFor, step } from '../../../src/bgp/fsm/machine.ts';

/**
 * Every cell, written down a second time and by hand: rows are events, columns Idle, Connect, Active, OpenSent, OpenConfirm, Established.
 * The state reached; `!` where a NOTIFICATION is sent first, `-` where the routes of the session go.
 */
const cells = `
event                    Idle     Connect  Active   OpenSent     OpenConfirm  Established
manual-start             Connect  Connect  Active   OpenSent     OpenConfirm  Established
manual-stop              Idle     Idle     Idle     Idle!        Idle!        Idle!-
automatic-start          Connect  Connect  Active   OpenSent     OpenConfirm  Established
manual-start-passive     Active   Connect  Active   OpenSent     OpenConfirm  Established
automatic-start-passive  Active   Connect  Active   OpenSent     OpenConfirm  Established
automatic-stop           Idle     Idle     Idle     Idle!        Idle!        Idle!-
connect-retry-expires    Idle     Connect  Connect  Idle!        Idle!        Idle!-
hold-expires             Idle     Idle     Idle     Idle!        Idle!        Idle!-
keepalive-expires        Idle     Idle     Idle     Idle!        OpenConfirm  Established
idle-hold-expires        Connect  Idle     Idle     Idle!        Idle!        Idle!-
tcp-invalid              Idle     Connect  Active   OpenSent     OpenConfirm  Established
tcp-acked                Idle     OpenSent OpenSent OpenSent     OpenConfirm  Established
tcp-confirmed            Idle     OpenSent OpenSent OpenSent     OpenConfirm  Established
tcp-fails                Idle     Active   Active   Active       Idle         Idle-
open-received            Idle     Idle     Idle     OpenConfirm  Idle!        Idle!-
header-error             Idle     Idle     Idle     Idle!        Idle!        Idle!-
open-error               Idle     Idle     Idle     Idle!        Idle!        Idle!-
collision-dump           Idle     Idle     Idle     Idle!        Idle!        Idle!-
version-notification     Idle     Idle     Idle     Idle         Idle         Idle-
notification             Idle     Idle     Idle     Idle         Idle         Idle-
keepalive                Idle     Idle     Idle     Idle!        Established  Established
update                   Idle     Idle     Idle     Idle!        Idle!        Established
update-error             Idle     Idle     Idle     Idle!        Idle!        Idle!-
route-refresh            Idle     Idle     Idle     Idle!        Idle!        Established
`;

const rows = cells
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(/\s+/));

describe('the table of the session machine', () => {
  it('has a row for every event', () => {
    expect(rows.map(([event]) => event).sort()).toEqual([...eventNames].sort());
  });

  for (const [event, ...expected] of rows) {
    for (const [column, state] of states.entries()) {
      it(`${state}: ${event} leads to ${expected[column]}`, () => {
        const name = eventNames.find((one) => one === event);
        if (!name) throw new Error(event);
        const { next, actions } = step(state, name);
        const notes = [
          actions.includes('send-notification') ? '!' : '',
          actions.includes('session-down') ? '-' : '',
        ];
        expect(`${next}${notes.join('')}`).toBe(expected[column]);
      });
    }
  }

  it('lets go of the connection and its timers whenever it leaves for Idle', () => {
    for (const state of states.filter((one) => one !== 'Idle')) {
      for (const event of eventNames) {
        const { next, actions } = step(state, event);
        if (next === 'Idle')
          expect(actions, `${state} ${event}`).toEqual(expect.arrayContaining(['close', 'stop-timers']));
      }
    }
  });

  it.each([
    ['OpenSent', 'keepalive', 5, 1],
    ['OpenConfirm', 'update', 5, 2],
    ['OpenConfirm', 'open-received', 5, 2],
    ['Established', 'open-received', 5, 3],
    ['Established', 'hold-expires', 4, 0],
    ['OpenConfirm', 'collision-dump', 6, 7],
    ['Established', 'manual-stop', 6, 2],
    ['Established', 'automatic-stop', 6, 1],
  ] as const)('%s, %s: NOTIFICATION %i/%i', (state, event, code, subcode) => {
    expect(notificationFor(state, event)).toEqual({ code, subcode });
  });
});
