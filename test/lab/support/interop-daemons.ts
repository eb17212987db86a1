import { bird } from './interop/bird.ts';
import type { InteropDaemon } from './interop/daemon.ts';
import { exabgp } from './interop/exabgp.ts';
import { frr } from './interop/frr.ts';
import { gobgp } from './interop/gobgp.ts';
import { openbgpd } from './interop/openbgpd.ts';

export const interopDaemons: readonly InteropDaemon[] = [frr, bird, gobgp, exabgp, openbgpd];
