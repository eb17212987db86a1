import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Exabgp } from '../../../../src/lab/daemons/exabgp.ts';
import { opened } from '../../../../src/lab/open.ts';
import { carriedNames } from './carried.ts';
import { daemonRoutes, ends, files, type InteropDaemon, LARGE, when } from './daemon.ts';

export const exabgp: InteropDaemon = {
  name: 'ExaBGP',
  programs: ['exabgp', 'exabgpcli', 'mkfifo'],
  lacks: {
    'RT constraint, told': 'ExaBGP 4.2 reads such routes and makes none',
    'RT constraint, asked': 'ExaBGP 4.2 reads such routes and makes none',
    'EVPN type 2, from': 'ExaBGP 4.2 makes no EVPN routes',
    'EVPN type 3, from': 'ExaBGP 4.2 makes no EVPN routes',
    'EVPN type 5, from': 'ExaBGP 4.2 makes no EVPN routes',
    'reflector, daemon': 'ExaBGP passes nothing on',
    'route refresh, asked': 'ExaBGP 4.2 asks only from its API process',
  },
  start: async (namespaces, host, wanted) => {
    const { own, speaker } = ends(wanted);
    const folder = mkdtempSync(join(tmpdir(), 'fabricgen-heard-'));
    opened({ close: () => rmSync(folder, { recursive: true, force: true }) });
    const heard = join(folder, 'heard');
    // Its standard output stays open: ExaBGP takes the end of it for the end of the process.
    writeFileSync(`${heard}.sh`, `#!/bin/sh\nwhile read -r line; do echo "$line" >>${heard}; done\n`, {
      mode: 0o755,
    });
    const daemon = await Exabgp.start(
      namespaces,
      host,
      files('exabgp.conf', [
        `process heard { run ${heard}.sh; encoder json; }`,
        `neighbor ${speaker} {`,
        '  router-id 10.0.0.2;',
        `  local-address ${own};`,
        `  local-as ${wanted.asn};`,
        `  peer-as ${wanted.speakerAs};`,
        `  hold-time ${wanted.hold};`,
        ...when(wanted.passive, '  passive;', '  listen 179;'),
        '  api { processes [ heard ]; receive { parsed; update; } }',
        `  capability { asn4 enable; route-refresh enable; extended-message enable; ${wanted.graceful ? 'graceful-restart 60;' : ''}${wanted.addPath ? ' add-path send/receive;' : ''}${wanted.extendedNextHop ? ' nexthop enable;' : ''} }`,
        `  family { ipv4 unicast; ipv6 unicast; ${wanted.carried ? carriedNames.map((one) => `${one.exabgp}; `).join('') : ''}}`,
        ...when(wanted.extendedNextHop, '  nexthop { ipv4 unicast ipv6; }'),
        ...when(
          wanted.carried,
          '  flow {',
          '    route four { match { destination 10.62.0.0/24; protocol tcp; destination-port =80; } then { discard; } }',
          '    route six { match { destination 2001:db8:62::/48/0; next-header tcp; } then { rate-limit 9600; } }',
          '  }',
        ),
        '  static {',
        `    route ${daemonRoutes[0]} next-hop 10.0.0.2 large-community [ ${LARGE} ]${wanted.addPath ? ' path-information 0.0.0.1' : ''};`,
        ...when(wanted.addPath, `    route ${daemonRoutes[0]} next-hop 10.0.0.3 path-information 0.0.0.2;`),
        `    route ${daemonRoutes[1]} next-hop 2001:db8::2;`,
        `    route ${daemonRoutes[2]} next-hop ${wanted.extendedNextHop ? '2001:db8::2' : '10.0.0.2'};`,
        '  }',
        '}',
      ]),
    );
    const lines = (word: string) =>
      (existsSync(heard) ? readFileSync(heard, 'utf8') : '')
        .split('\n')
        .filter((line) => line.includes(word));
    return {
      daemon,
      route: async (prefix) => {
        const last = lines(prefix).at(-1) ?? '';
        return last.includes('"withdraw"') ? '' : last;
      },
      carried: async ({ exabgp: name }) => lines(`"${name}"`).join('\n'),
      paths: async (prefix) => {
        const known = new Set<string>();
        for (const line of lines(prefix))
          for (const [, id = ''] of line.matchAll(/"path-information": "([0-9.]+)"/g)) {
            if (line.includes('"withdraw"')) known.delete(id);
            else known.add(id);
          }
        return known.size;
      },
      refresh: null,
    };
  },
};
