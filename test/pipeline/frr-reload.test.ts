import { expect, it } from 'vitest';
import { loadedKey } from '../../src/pipeline/topology/configs.ts';
import { simulateConfigs } from '../../src/pipeline/topology/simulate-configs.ts';
import type { ConfigFile } from '../../src/targets/target.ts';
import { bgp } from './configs.ts';

// What files do to FRR through frr-reload.py, which says the lines that the daemon does not have; held against 8.4.4.

const off = ' no bgp default ipv4-unicast';
const active = '  neighbor 10.0.0.2 activate';
const network = ' network 10.5.0.0/24';

const conf = (host: string, text: string): ReadonlyMap<string, ConfigFile> =>
  new Map([['frr.conf', { path: `${host}/frr.conf`, text: `frr version 8.4\n${text}\n` }]]);

/** The tables after r has started with the first of these and loaded each of the others. */
function tablesAfter(...files: readonly string[]) {
  const texts = files.map((text, i) => conf('r', `${text}\n! ${i}`));
  const events = texts.slice(1).map((_, i) => `  - { files: { host: r, from: f${i} }, record: f${i} }\n`);
  const host = (name: string, last: number) =>
    `  ${name}: { daemon: frr, version: "8.4", interfaces: { e0: { addresses: [10.0.0.${last}/24], link: l } } }\n`;
  const text = `hosts:\n${host('r', 1)}${host('m', 2)}events:\n  - { start: [r, m], record: base }\n${events.join('')}`;
  const [first] = texts;
  const m = conf('m', bgp(2, { '10.0.0.1': 1 }, '', ''));
  const { result } = simulateConfigs(
    { path: 'topology.yml', text },
    {
      shown: 'configs',
      hosts: new Map([...(first ? [['r', first] as const] : []), ['m', m]]),
      loaded: new Map(texts.slice(1).map((one, i) => [loadedKey({ host: 'r', from: `f${i}` }), one])),
    },
  );
  return Object.values(result.phases ?? {}).map(({ hosts }) => hosts);
}

/** How many sessions of r are up each time. */
function sessionsAfter(...files: readonly (readonly [more: string, family: string])[]): readonly number[] {
  const texts = files.map(([more, family]) => bgp(1, { '10.0.0.2': 2 }, `${network}\n${family}`, more));
  return tablesAfter(...texts).map(
    ({ r }) => r?.sessions.filter(({ state }) => state === 'Established').length ?? 0,
  );
}

it('a neighbor without a line keeps its family until files are loaded once more', () => {
  expect(sessionsAfter(['', ''], [off, ''], [off, ''])).toEqual([1, 1, 0]);
});

it('a neighbor that was activated loses its family with that line, though it has it by default now', () => {
  expect(sessionsAfter([off, active], ['', ''], ['', ''])).toEqual([1, 0, 1]);
});

it('a line that is there before and after counts', () => {
  expect(sessionsAfter(['', ''], [off, active], [off, active])).toEqual([1, 1, 1]);
  expect(sessionsAfter([off, active], ['', active], ['', ''])).toEqual([1, 1, 1]);
});

it('of several lines for one network the last one counts that was not there', () => {
  const maps = [10, 20, 30].map((med) => `route-map M${med} permit 10\n set metric ${med}\n`).join('');
  const lines = (...meds: readonly number[]) =>
    `ip route 10.5.0.0/24 Null0\n${maps}${bgp(1, { '10.0.0.2': 2 }, meds.map((med) => `${network} route-map M${med}`).join('\n'), '')}`;
  const tables = tablesAfter(lines(10, 20), lines(10, 20), lines(10, 20), lines(10, 20, 30), lines(10, 20));
  expect(tables.map(({ r }) => r?.bgp['10.5.0.0/24']?.[0]?.med)).toEqual([20, 10, 20, 30, 20]);
});
