import { describe, expect, it } from 'vitest';
import { frrTarget, quaggaTarget } from '../../../src/targets/frr/index.ts';
import type { ReadResult } from '../../../src/targets/target.ts';

const bgp = ['router bgp 65000', ' neighbor 10.0.0.1 remote-as 65001'];
const later = ['router bgp 65000', ' neighbor 10.0.0.2 remote-as 65002'];

function read(path: string, ...lines: string[]): ReadResult {
  return frrTarget.read(new Map([[path, { path, text: lines.join('\n') }]]), { host: 'r1', version: '8.4' });
}

const neighborsOf = ({ router }: ReadResult) =>
  [...(router?.bgp?.peers ?? [])].map((one) => one.address?.text);
const shut = ({ router }: ReadResult) => [...(router?.bgp?.peers ?? [])].some((one) => one.shutdown);
const refusedIn = ({ lines }: ReadResult) =>
  lines.filter(({ status }) => status === 'unrecognised').map(({ source }) => source.line);

describe('lines that leave the configuration, as FRR 8.4.4 was seen to take them', () => {
  it('one exit too many: nothing below it, and no session, since bgpd waits for the end of its configuration', () => {
    const result = read('frr.conf', ...bgp, 'exit', 'exit', ...later);
    expect(neighborsOf(result)).toEqual(['10.0.0.1']);
    expect(refusedIn(result)).toEqual([5, 6]);
    expect(shut(result)).toBe(true);
    expect(result.diagnostics.map(({ ranges }) => ranges[0]?.line)).toEqual([4]);
  });

  it('one exit too many at the end: no session either', () => {
    const result = read('frr.conf', ...bgp, 'exit', 'exit');
    expect(shut(result)).toBe(true);
    expect(result.diagnostics[0]?.message).toContain('calls nobody for ten minutes');
  });

  it('a file of bgpd alone goes on without the end', () => {
    const result = read('bgpd.conf', ...bgp, 'exit', 'exit', ...later);
    expect(neighborsOf(result)).toEqual(['10.0.0.1']);
    expect(refusedIn(result)).toEqual([5, 6]);
    expect(shut(result)).toBe(false);
  });

  it.each(['configure', 'configure terminal', 'conf t'])('%s goes back', (line) => {
    const result = read('frr.conf', ...bgp, 'exit', 'exit', line, ...later);
    expect(neighborsOf(result)).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(shut(result)).toBe(false);
  });

  it('vtysh passes over end, bgpd does not', () => {
    expect(neighborsOf(read('frr.conf', ...bgp, 'end', later[1] ?? ''))).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(neighborsOf(read('bgpd.conf', ...bgp, 'end', ...later))).toEqual(['10.0.0.1']);
  });

  it('Quagga leaves by end as well', () => {
    const text = [...bgp, 'end', ...later].join('\n');
    const files = new Map([['bgpd.conf', { path: 'bgpd.conf', text }]]);
    expect(neighborsOf(quaggaTarget.read(files, { host: 'r1', version: '1.2' }))).toEqual(['10.0.0.1']);
  });

  it.each([
    ['a node with nodes in it', ['bfd', ' profile fast', ' exit', 'exit']],
    ['lines that are not known here', ['rpki', ' rpki polling_period 100', 'exit']],
  ])('%s may have been left instead', (_name, lines) => {
    const result = read('frr.conf', ...lines, ...bgp);
    expect(neighborsOf(result)).toEqual(['10.0.0.1']);
    expect(shut(result)).toBe(false);
  });
});
