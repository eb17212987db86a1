import type { BgpConfig } from './config.ts';

/** What a daemon without FRR's settings for an instance does: nothing of the kind, with no bound on calls from ranges. */
export const plainInstance = {
  ebgpRequiresPolicy: false,
  importCheck: false,
  suppressFibPending: false,
  gracefulShutdown: false,
  rejectAsSets: false,
  enforceFirstAs: false,
  distance: { ebgp: 20, ibgp: 200, local: 200 },
  listenLimit: Number.MAX_SAFE_INTEGER,
} as const satisfies Partial<BgpConfig>;
