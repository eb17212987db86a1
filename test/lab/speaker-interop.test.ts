import { afterAll, expect, it } from 'vitest';
import { signalAll } from '../../src/lab/processes.ts';
import { carriedFeatures, carriedNames } from './support/interop/carried.ts';
import { type InteropDaemon, LARGE } from './support/interop/daemon.ts';
import { vpnAnnouncements, vpnNetworks, vpnRoutes } from './support/interop/targets.ts';
import { Interop, ownRoutes, type Plan, theirs } from './support/interop.ts';
import { interopDaemons } from './support/interop-daemons.ts';
import { InteropResults } from './support/interop-results.ts';
import { describeLab } from './support/requirements.ts';

const results = new InteropResults();
const [v4, v6, second] = theirs;
const LONG = { timeout: 120_000 };

afterAll(() => results.finish());

for (const daemon of interopDaemons) {
  const names = (process.env['INTEROP'] ?? '').split(',').filter((one) => one !== '');
  if (names.length > 0 && !names.includes(daemon.name)) continue;
  describeLab(`speaker and ${daemon.name}`, { root: true, programs: ['ip', ...daemon.programs] }, () => {
    it('IPv4 and IPv6 on one session, both ways', LONG, () => run(daemon, {}, dualStack));
    it('a session over IPv6', LONG, () => run(daemon, { transport: 6 }, overIpv6));
    it('IPv4 routes with IPv6 next hops', LONG, () =>
      run(daemon, { transport: 6, extendedNextHop: true }, extendedNextHop),
    );
    it('4-octet AS numbers', LONG, () => run(daemon, { asn: 4200000002, speakerAs: 4200000001 }, wideAs));
    it('the daemon calls', LONG, () => run(daemon, { passive: false }, passive));
    it('reflection by the speaker', LONG, () =>
      run(daemon, { asn: 65001, third: 1, family: ['route-reflector-client'] }, reflectsHere),
    );
    it('reflection by the daemon', LONG, () =>
      run(daemon, { asn: 65001, client: true, third: 2 }, reflectsThere),
    );
    it('graceful restart of the daemon', LONG, () => run(daemon, { graceful: true }, graceful));
    it('restart of either end', LONG, () => run(daemon, {}, restarts));
    it('hold time', LONG, () => run(daemon, { hold: 6 }, holdTime));
    it('wrong AS', LONG, () => run(daemon, { expectedAs: 65009 }, wrongAs));
    it('several paths from the daemon', LONG, () =>
      run(daemon, { asn: 65001, client: true, third: 2, thirdRoutes: [v4], addPath: true }, addPathIn),
    );
    it('several paths to the daemon', LONG, () =>
      run(
        daemon,
        { third: 1, thirdRoutes: [ownRoutes[0]], addPath: true, family: ['addpath-tx-all-paths'] },
        addPathOut,
      ),
    );
    it('EVPN and flow specifications are passed on', LONG, () => run(daemon, { carried: true }, carried));
    it('route target constraint', LONG, () => run(daemon, { targets: true }, routeTargets));
    it('maximum-prefix', LONG, () => run(daemon, { family: ['maximum-prefix 1'] }, maximumPrefix));
  });
}

type Check = (feature: string, ok: Promise<boolean> | boolean | (() => Promise<boolean>)) => Promise<void>;

/** Boots the pair, runs the checks, and notes each under its feature; what the daemon lacks is noted and not asked. */
async function run(
  daemon: InteropDaemon,
  plan: Plan,
  body: (lab: Interop, check: Check, lacks: (feature: string) => boolean) => Promise<void>,
): Promise<void> {
  const lab = await Interop.boot(daemon, plan);
  const failed: string[] = [];
  const check: Check = async (feature, ok) => {
    const lack = daemon.lacks[feature];
    if (lack !== undefined) {
      results.note(daemon.name, feature, 'lacks', lack);
      return;
    }
    const good = await (typeof ok === 'function' ? ok() : ok);
    results.note(daemon.name, feature, good ? 'yes' : 'no');
    if (!good) failed.push(feature);
  };
  try {
    await body(lab, check, (feature) => daemon.lacks[feature] !== undefined);
    expect(failed, lab.state()).toEqual([]);
  } finally {
    lab.close();
  }
}

async function dualStack(lab: Interop, check: Check, lacks: (feature: string) => boolean): Promise<void> {
  await check('active', lab.up());
  await check(
    'IPv4',
    lab.comes(15, async () => (await lab.has(v4)) && (await lab.peer.route(ownRoutes[0])) !== ''),
  );
  await check(
    'dual stack',
    lab.comes(15, async () => (await lab.has(v6)) && (await lab.peer.route(ownRoutes[1])) !== ''),
  );
  const [path] = await lab.speaker.rib(v4);
  const told = await lab.peer.route(ownRoutes[0]);
  await check(
    'large communities',
    path?.largeCommunities.includes(LARGE) === true && /65001\D+1\D+4294967295/.test(told),
  );
  const neighbor = await lab.speaker.neighbor(lab.daemonAddress);
  await check(
    'extended messages',
    neighbor?.capabilities?.theirs.some((one) => /extended.?message/i.test(one)) === true,
  );
  const before = neighbor?.messages ?? null;
  await lab.speaker.ask(`/neighbors/${lab.daemonAddress}/reset`, { how: 'refresh' });
  await check(
    'route refresh, ours',
    lab.comes(10, async () => {
      const now = await lab.speaker.neighbor(lab.daemonAddress);
      return (
        now?.state === 'Established' && now.messages.updatesReceived > (before?.updatesReceived ?? Infinity)
      );
    }),
  );
  if (!lacks('route refresh, asked')) await lab.peer.refresh?.();
  await check(
    'route refresh, asked',
    lab.comes(10, async () => {
      const now = await lab.speaker.neighbor(lab.daemonAddress);
      return now?.state === 'Established' && now.messages.updatesSent > (before?.updatesSent ?? Infinity);
    }),
  );
}

async function overIpv6(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await check(
    'IPv6',
    lab.comes(15, async () => (await lab.has(v6)) && (await lab.peer.route(ownRoutes[1])) !== ''),
  );
}

/** RFC 8950, with the third of the daemon's routes: ExaBGP has the next hop of each in its file. */
async function extendedNextHop(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await check('IPv4 over IPv6 next hops', () =>
    lab.comes(15, async () => {
      const [path] = await lab.speaker.rib(second);
      return path?.nextHop === '2001:db8::2' && (await lab.peer.route(ownRoutes[0])).includes('2001:db8::1');
    }),
  );
}

async function wideAs(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await check(
    '4-octet AS',
    lab.comes(15, async () => {
      const [path] = await lab.speaker.rib(v4);
      return path?.asPath === '4200000002' && (await lab.peer.route(ownRoutes[0])).includes('4200000001');
    }),
  );
}

async function passive(lab: Interop, check: Check): Promise<void> {
  await lab.comes(10, async () => (await lab.speaker.neighbor(lab.daemonAddress)) !== null);
  await lab.peer.call?.();
  await check('passive', lab.up());
}

async function reflectsHere(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await check(
    'reflector, speaker',
    lab.comes(20, async () => {
      const [path] = (await lab.third?.rib(v4)) ?? [];
      return path?.originatorId === '10.0.0.2' && path.clusterList.includes('10.0.0.1');
    }),
  );
}

async function reflectsThere(lab: Interop, check: Check, lacks: (feature: string) => boolean): Promise<void> {
  if (lacks('reflector, daemon')) return check('reflector, daemon', false);
  await lab.up();
  await check(
    'reflector, daemon',
    lab.comes(20, async () => {
      const [path] = (await lab.third?.rib(ownRoutes[0])) ?? [];
      return path?.originatorId === '10.0.0.1' && path.clusterList.length === 1;
    }),
  );
}

/** Killed without a word: its routes stay until it is back and has said them again. */
async function graceful(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  const first = await lab.comes(15, async () => (await lab.has(v4)) && (await lab.has(second)));
  lab.kill();
  const gone = await lab.comes(15, async () => !(await lab.isUp()));
  const kept = await lab.has(v4);
  await lab.startAgain();
  const back = await lab.up();
  const fresh = await lab.comes(15, async () => {
    const neighbor = await lab.speaker.neighbor(lab.daemonAddress);
    return neighbor?.families.every(({ endOfRib }) => endOfRib) === true && (await lab.has(v4));
  });
  await check('graceful restart helper', first && gone && kept && back && fresh);
}

async function restarts(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await lab.comes(15, () => lab.has(v4));
  lab.kill();
  const gone = await lab.comes(15, async () => !(await lab.has(v4)));
  await lab.startAgain();
  await check('restart of the daemon', gone && (await lab.up()) && (await lab.comes(15, () => lab.has(v4))));
  lab.speaker.signal('SIGTERM');
  const left = await lab.comes(10, async () => (await lab.speaker.neighbor(lab.daemonAddress)) === null);
  lab.speaker.start();
  await check('restart of the speaker', left && (await lab.up()) && (await lab.comes(15, () => lab.has(v4))));
}

async function holdTime(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  const { pids } = lab;
  signalAll(pids, 'SIGSTOP');
  const gone = await lab.comes(15, async () => !(await lab.isUp()));
  const neighbor = await lab.speaker.neighbor(lab.daemonAddress);
  signalAll(pids, 'SIGCONT');
  await check('hold time', gone && /hold/i.test(neighbor?.problem ?? ''));
}

async function wrongAs(lab: Interop, check: Check): Promise<void> {
  const said = 'peer announced AS 65002, 65009 expected';
  await check(
    'wrong AS',
    lab.comes(20, () => lab.speaker.log().includes(said)),
  );
}

/** Its own path and that of another client. */
async function addPathIn(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await check(
    'add-path in',
    lab.comes(20, async () => {
      const rows = await lab.speaker.adjIn(lab.daemonAddress, v4);
      return new Set(rows.map(({ pathId }) => pathId)).size === 2;
    }),
  );
}

/** The speaker's own path and that of its internal neighbour. */
async function addPathOut(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  await check(
    'add-path out',
    lab.comes(20, async () => (await lab.peer.paths(ownRoutes[0])) === 2),
  );
}

/** The daemon's routes arrive here, and those of another router there. */
async function carried(lab: Interop, check: Check): Promise<void> {
  await lab.up();
  for (const { feature, family, from, to } of carriedFeatures) {
    const name = carriedNames.find((one) => one.name === family);
    await check(`${feature}, from`, () =>
      lab.comes(15, async () =>
        (await lab.speaker.carried(family)).some(
          (line) => line.includes(`from ${lab.daemonAddress}`) && from.test(line),
        ),
      ),
    );
    await check(`${feature}, to`, () =>
      lab.comes(15, async () => name !== undefined && to.test(await lab.peer.carried(name))),
    );
  }
}

/** RFC 4684. The daemon says its VPN route once it heard that all are wanted here, and hears of the one that it asked for. */
async function routeTargets(lab: Interop, check: Check, lacks: (feature: string) => boolean): Promise<void> {
  if (!lacks('RT constraint, asked')) await lab.up();
  await check('RT constraint, told', () =>
    lab.comes(15, async () =>
      (await lab.speaker.carried(vpnRoutes.name)).some((line) => line.includes(vpnNetworks.theirs)),
    ),
  );
  await check('RT constraint, asked', async () => {
    for (const [network, target] of vpnAnnouncements)
      await lab.speaker.ask('/announce', {
        family: vpnRoutes.name,
        prefix: `65001:1 ${network}`,
        labels: [5],
        extendedCommunities: [`rt:65002:${target}`],
      });
    const arrives = await lab.comes(15, async () =>
      (await lab.peer.carried(vpnRoutes)).includes(vpnNetworks.wanted),
    );
    const here = await lab.speaker.carried(vpnRoutes.name);
    return (
      arrives &&
      here.some((line) => line.includes(vpnNetworks.unwanted)) &&
      !(await lab.peer.carried(vpnRoutes)).includes(vpnNetworks.unwanted)
    );
  });
}

async function maximumPrefix(lab: Interop, check: Check): Promise<void> {
  const over = lab.comes(20, async () => {
    const neighbor = await lab.speaker.neighbor(lab.daemonAddress);
    return neighbor !== null && /maximum-prefix/.test(`${neighbor.reason} ${neighbor.problem}`);
  });
  await check('maximum-prefix', over);
}
