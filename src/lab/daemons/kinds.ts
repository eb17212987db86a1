import { Bird } from './bird.ts';
import type { DaemonKind } from './daemon.ts';
import { Exabgp } from './exabgp.ts';
import { Frr } from './frr.ts';
import { Gobgp } from './gobgp.ts';
import { Speaker } from './speaker.ts';

/** Every daemon that can be run here, by its name in topology.yml: a new one is a file and an entry. */
export const daemonKinds: Readonly<Record<string, DaemonKind>> = {
  bird: {
    programs: ['bird', 'birdc'],
    start: Bird.start,
    attach: (...where) => new Bird(...where),
  },
  frr: {
    programs: ['zebra', 'bgpd', 'staticd', 'vtysh'],
    start: Frr.start,
    attach: (...where) => new Frr(...where),
  },
  gobgp: {
    programs: ['gobgpd', 'gobgp'],
    start: Gobgp.start,
    attach: (...where) => new Gobgp(...where),
  },
  exabgp: {
    programs: ['exabgp', 'exabgpcli', 'mkfifo'],
    saysOnce: true,
    start: Exabgp.start,
    attach: (...where) => new Exabgp(...where),
  },
  speaker: {
    programs: [],
    start: Speaker.start,
    attach: (...where) => new Speaker(...where),
  },
};
