import type { Target } from '../target.ts';
import { readHost } from './read/read.ts';
import { frrFiles, quaggaFiles } from './write/files.ts';
import { limits } from './write/limits.ts';

/** FRR 8.4 and 10: one frr.conf or a file per daemon. */
export const frrTarget: Target = {
  name: 'frr',
  applies: (host) => host.daemon.kind === 'frr',
  limits,
  files: frrFiles,
  read: (files, about) => readHost('frr', files, about),
};

/** Quagga 1.2: zebra.conf and bgpd.conf. */
export const quaggaTarget: Target = {
  name: 'quagga',
  applies: (host) => host.daemon.kind === 'quagga',
  limits,
  files: quaggaFiles,
  read: (files, about) => readHost('quagga', files, about),
};
