import { describe, expect, it } from 'vitest';
import type { LabPlan } from '../../../src/lab/plan/plan.ts';
import { actionsOf, mergedHosts } from '../../../src/lab/rollout/merged.ts';
import { flowOf } from '../../../src/lab/rollout/stream.ts';

const answer = (seq: number, time = seq * 0.05) =>
  `[${(1000 + time).toFixed(6)}] 64 bytes from 172.18.2.2: icmp_seq=${seq} ttl=62 time=0.08 ms`;
const end = (sent: number) => `--- 172.18.2.2 ping statistics ---\n${sent} packets transmitted, 3 received`;

describe('what ping printed', () => {
  it('counts what never came back and the longest silence', () => {
    const out = [answer(1), answer(2), '[1000.20] no answer yet for icmp_seq=3', answer(5), end(5)].join(
      '\n',
    );
    expect(flowOf('a', 'b', out)).toEqual({ from: 'a', to: 'b', sent: 5, lost: 2, gap: 150 });
  });

  it('does not count the one that was on its way in the end, but two are lost', () => {
    expect(flowOf('a', 'b', [answer(1), answer(2), end(3)].join('\n'))).toMatchObject({ sent: 2, lost: 0 });
    expect(flowOf('a', 'b', [answer(1), answer(2), end(4)].join('\n'))).toMatchObject({ sent: 4, lost: 2 });
  });

  it('has all of them lost where nothing answers', () => {
    expect(flowOf('a', 'b', end(40))).toEqual({ from: 'a', to: 'b', sent: 40, lost: 40, gap: 0 });
  });
});

describe('what a rollout does to each host', () => {
  type Host = LabPlan['hosts'][number];
  const host = (name: string, text: string, interfaces: readonly string[] = ['eth0']): Host => ({
    name,
    daemon: 'frr',
    version: '8.4',
    kernelRoutes: [],
    files: new Map([['frr.conf', text]]),
    interfaces: interfaces.map((one) => ({ name: one, addresses: [], link: 'lan', up: true })),
  });
  const plan = (...hosts: readonly Host[]): LabPlan => ({ folder: '', hosts, events: null });
  const old = plan(host('gone', 'a'), host('kept', 'a'), host('other', 'a'));
  const next = plan(host('kept', 'a', ['eth0', 'eth1']), host('new', 'a'), host('other', 'b'));

  it('starts what is new first and stops what goes last', () => {
    expect([...actionsOf(old, next)]).toEqual([
      ['new', 'started'],
      ['other', 'reloaded'],
      ['gone', 'stopped'],
      ['kept', 'unchanged'],
    ]);
  });

  it('wires the hosts of both, with the interfaces of both', () => {
    const wired = mergedHosts(old, next).map(({ name, interfaces }) => [name, interfaces.length]);
    expect(wired).toEqual([
      ['gone', 1],
      ['kept', 2],
      ['other', 1],
      ['new', 1],
    ]);
  });
});
