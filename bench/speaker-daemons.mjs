import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The speakers side by side: what each runs with, and what its files say. All take everything from everybody and tell it to all others; none touches the kernel. */
export const ASN = 65000;
export const TARGET = '10.77.0.1';

const lines = (...parts) => `${parts.flat(Infinity).join('\n')}\n`;

/** The one configuration that both FRR and fabricgen read. */
function frrConf(peers) {
  return lines(
    'route-map all permit 10',
    'exit',
    `router bgp ${ASN}`,
    ` bgp router-id ${TARGET}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    peers.map(({ address, asn }) => [
      ` neighbor ${address} remote-as ${asn}`,
      ` neighbor ${address} passive`,
      ` neighbor ${address} timers 60 240`,
      ` neighbor ${address} advertisement-interval 0`,
    ]),
    ' address-family ipv4 unicast',
    peers.map(({ address }) => [
      `  neighbor ${address} activate`,
      `  neighbor ${address} route-map all in`,
      `  neighbor ${address} route-map all out`,
    ]),
    ' exit-address-family',
  );
}

const turnsProgram = fileURLToPath(new URL('speaker-turns.cjs', import.meta.url));

export const speakers = [
  {
    name: 'fabricgen',
    needs: [],
    // Unix socket that answers `/metrics`.
    metrics: 'socket',
    files: (peers) => ({ 'frr.conf': frrConf(peers) }),
    command: (folder) => [
      process.execPath,
      // Options of Node for the speaker alone, to profile it.
      ...(process.env.BENCH_SPEAKER_TURNS ? ['--require', turnsProgram] : []),
      ...(process.env.BENCH_SPEAKER_NODE ?? '').split(' ').filter((word) => word !== ''),
      process.env.BENCH_SPEAKER_BIN ?? fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url)),
      ...['speaker', '--config', join(folder, 'frr.conf'), '--socket', join(folder, 'socket')],
    ],
    settle: 2,
  },
  {
    name: 'BIRD',
    needs: ['bird'],
    files: (peers) => ({
      'bird.conf': lines(
        `router id ${TARGET};`,
        'protocol device {}',
        peers.map(
          ({ address, asn }, place) =>
            `protocol bgp p${place} { local ${TARGET} as ${ASN}; neighbor ${address} as ${asn}; passive; hold time 240; ipv4 { import all; export all; }; }`,
        ),
      ),
    }),
    command: (folder) => [
      'bird',
      '-f',
      '-c',
      join(folder, 'bird.conf'),
      '-s',
      join(folder, 'ctl'),
      '-P',
      join(folder, 'pid'),
    ],
    settle: 2,
  },
  {
    name: 'FRR',
    needs: ['/usr/lib/frr/bgpd'],
    files: (peers) => ({ 'frr.conf': frrConf(peers) }),
    command: (folder) => [
      '/usr/lib/frr/bgpd',
      ...['-n', '-Z', '-S', '-f', join(folder, 'frr.conf'), '-i', join(folder, 'pid')],
      ...['--vty_socket', folder, '-P', '0', '-l', TARGET],
    ],
    // Within its first seconds it says everything twice where there are route-maps.
    settle: 7,
  },
  {
    name: 'OpenBGPD',
    needs: ['openbgpd'],
    files: (peers, folder) => ({
      'bgpd.conf': lines(
        `socket "${join(folder, 'socket')}"`,
        `AS ${ASN}`,
        `router-id ${TARGET}`,
        'fib-update no',
        `listen on ${TARGET}`,
        'holdtime 240',
        'allow from any',
        'allow to any',
        peers.map(({ address, asn }) => `neighbor ${address} {\n  remote-as ${asn}\n  passive\n}`),
      ),
    }),
    command: (folder) => ['openbgpd', '-d', '-f', join(folder, 'bgpd.conf')],
    settle: 2,
  },
  {
    name: 'GoBGP',
    needs: ['gobgpd'],
    files: (peers) => ({
      'gobgp.toml': lines(
        '[global.config]',
        `  as = ${ASN}`,
        `  router-id = "${TARGET}"`,
        peers.map(({ address, asn }) => [
          '[[neighbors]]',
          '  [neighbors.config]',
          `    neighbor-address = "${address}"`,
          `    peer-as = ${asn}`,
          '  [neighbors.timers.config]',
          '    hold-time = 240',
          '  [neighbors.transport.config]',
          '    passive-mode = true',
        ]),
      ),
    }),
    command: (folder) => ['gobgpd', '--pprof-disable', '-l', 'warn', '-f', join(folder, 'gobgp.toml')],
    settle: 2,
  },
  {
    name: 'ExaBGP',
    needs: ['exabgp'],
    // It passes nothing on: a process of its own counts what it hands over.
    receivesOnly: true,
    files: (peers, folder) => ({
      'exabgp.conf': lines(
        `process counter { run ${process.execPath} ${fileURLToPath(new URL('./speaker-counter.mjs', import.meta.url))} ${join(folder, 'count')}; encoder json; }`,
        peers.map(
          ({ address, asn }) =>
            `neighbor ${address} { router-id ${TARGET}; local-address ${TARGET}; local-as ${ASN}; peer-as ${asn}; hold-time 240; passive; listen 179; api { processes [ counter ]; receive { parsed; update; } } family { ipv4 unicast; } }`,
        ),
      ),
    }),
    command: (folder) => ['exabgp', '--root', folder, join(folder, 'exabgp.conf')],
    environment: {
      'exabgp.daemon.user': 'root',
      'exabgp.api.cli': 'false',
      'exabgp.tcp.bind': '',
      'exabgp.log.level': 'ERR',
    },
    settle: 4,
  },
];

/** What a speaker needs and is not there; null: all of it is. */
export function missing({ needs }) {
  const folders = [
    '/usr/sbin',
    '/usr/bin',
    '/usr/local/sbin',
    '/usr/local/bin',
    ...(process.env.PATH ?? '').split(':'),
  ];
  return (
    needs.find(
      (name) => !folders.some((folder) => existsSync(name.startsWith('/') ? name : join(folder, name))),
    ) ?? null
  );
}
