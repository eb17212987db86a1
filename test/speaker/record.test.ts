import { describe, expect, it } from 'vitest';
import { ribPage } from '../../src/speaker/api/table-views.ts';
import { logRecord } from '../../src/speaker/monitor/log.ts';
import type { Operation } from '../../src/speaker/operation/operation.ts';
import { perform } from '../../src/speaker/operation/perform.ts';
import { drawing } from '../../src/speaker/record/chance.ts';
import { pcapOf } from '../../src/speaker/record/pcap.ts';
import { readRecording } from '../../src/speaker/record/read.ts';
import { Recorder } from '../../src/speaker/record/recorder.ts';
import { replay } from '../../src/speaker/record/replay.ts';
import { Speaker, type SpeakerNote } from '../../src/speaker/speaker.ts';
import { addressOf, Caller, messageBytes, openBytes } from './support/caller.ts';
import { configOf, frrConf } from './support/configs.ts';
import { VirtualNetwork, virtualSpeaker } from './support/virtual.ts';

const host = { interfaces: [{ name: 'eth0', addresses: ['10.0.0.1/24'] }], routes: [] };
const text = frrConf(
  65001,
  ['neighbor 10.0.0.2 remote-as 65002', 'neighbor 10.0.0.9 remote-as 65009', 'neighbor 10.0.0.9 passive'],
  ['network 10.1.0.0/16'],
);
const later = text.replace('10.1.0.0', '10.11.0.0');
const read = (files: Readonly<Record<string, string>>) => configOf(files['frr.conf'] ?? '');
const everything = { family: 'ipv4-unicast', prefix: null, longer: false, after: -1, limit: 1000 } as const;

/** A life of a speaker with most of what can happen to one. */
function recorded() {
  const network = new VirtualNetwork();
  const lines: string[] = [];
  const world = { ...network.environment(addressOf('10.0.0.1')), random: drawing(7) };
  const recorder = new Recorder(
    world,
    { write: (line) => lines.push(line), close: () => undefined },
    { name: 'r1', target: 'frr', daemonVersion: '8.4', files: { 'frr.conf': text }, host, graceful: null },
  );
  const { config, bgp } = configOf(text);
  const notes: string[] = [];
  const speaker = new Speaker(config, bgp, {
    environment: recorder,
    host,
    log: (neighbor, note: SpeakerNote) => notes.push(logRecord(neighbor, note).message),
  });
  network.listen('10.0.0.1', (connection) => recorder.accept(connection, (one) => speaker.accept(one)));
  const does = (operation: Operation) =>
    recorder.operation(operation, () => perform(speaker, operation, read));
  const b = virtualSpeaker(
    network,
    '10.0.0.2',
    frrConf(65002, ['neighbor 10.0.0.1 remote-as 65001'], ['network 10.2.0.0/16']),
  );
  does({ kind: 'start' });
  b.speaker.start();
  network.run(5);
  const caller = new Caller(network, '10.0.0.9', '10.0.0.1');
  network.run(1);
  caller.say(openBytes(65009));
  caller.say(messageBytes(2, [1, 2, 3]));
  network.run(40);
  does({ kind: 'announce', prefix: '10.50.0.0/24', attributes: { med: 3 } });
  does({ kind: 'reload', files: { 'frr.conf': later } });
  network.run(200);
  does({ kind: 'reset', neighbor: '10.0.0.2', how: 'hard', message: 'again' });
  network.run(300);
  return { lines, notes, rows: ribPage(speaker, everything).rows };
}

describe('a recording', () => {
  it('replays to the same tables and the same notes', () => {
    const { lines, notes, rows } = recorded();
    const recording = readRecording(lines.join(''));
    if (typeof recording === 'string') throw new Error(recording);
    const again = replay(recording, configOf(recording.header.files['frr.conf'] ?? ''), read);
    expect(again.difference).toBeNull();
    expect(again.events.map(({ message }) => message)).toEqual(notes);
    expect(ribPage(again.speaker, everything).rows).toEqual(rows);
    expect(rows.map(({ prefix }) => prefix).sort()).toEqual(['10.11.0.0/16', '10.2.0.0/16', '10.50.0.0/24']);
  });

  it('says where a speaker does something else than it did then', () => {
    const { lines } = recorded();
    const recording = readRecording(lines.join('').replaceAll('remote-as 65009', 'remote-as 65008'));
    if (typeof recording === 'string') throw new Error(recording);
    const again = replay(recording, configOf(recording.header.files['frr.conf'] ?? ''), read);
    expect(again.difference).toMatch(/^line \d+, \d/);
  });

  it.each([
    ['nothing', '', 'does not begin like a recording'],
    ['another file', 'router bgp 65001\n', 'does not begin like a recording'],
    [
      'another version',
      '{"format":"fabricgen-speaker-recording","version":9,"target":"frr","daemonVersion":"8.4","files":{},"host":{"interfaces":[],"routes":[]},"seed":1}\n',
      'version 9',
    ],
  ])('is not read from %s', (_, given, words) => {
    expect(readRecording(given)).toContain(words);
  });

  it.each(['[1,"z",0]', '[1,"r",0]', '["1","t",0]', '[1,"r",0,5]', '{}', 'null', ''])(
    'has no line %s',
    (line) => {
      const [header = ''] = recorded().lines;
      expect(readRecording(`${header}${line}\n`)).toBe('line 2 is not one of a recording');
    },
  );

  it('that ends within a line is read up to there', () => {
    const { lines } = recorded();
    const whole = readRecording(lines.join(''));
    const cut = readRecording(lines.join('').slice(0, -5));
    if (typeof whole === 'string' || typeof cut === 'string') throw new Error('not read');
    expect([cut.cut, cut.lines.length]).toEqual([true, whole.lines.length - 1]);
  });
});

describe('a packet capture', () => {
  it('holds every octet of every connection in packets with right lengths and checksums', () => {
    const recording = readRecording(recorded().lines.join(''));
    if (typeof recording === 'string') throw new Error(recording);
    const bytes = pcapOf(recording);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    expect([view.getUint32(0), view.getUint32(20)]).toEqual([0xa1b2c3d4, 101]);
    let payload = 0;
    for (let at = 24; at < bytes.length; ) {
      const length = view.getUint32(at + 8);
      expect(view.getUint16(at + 16 + 2)).toBe(length);
      expect(checksum(bytes.subarray(at + 16, at + 36))).toBe(0xffff);
      payload += length - 40;
      at += 16 + length;
    }
    const octets = recording.lines.flatMap((line) =>
      line[1] === 'w' || line[1] === 'r' ? atob(line[3]).length : [],
    );
    expect(payload).toBe(octets.reduce((sum, one) => sum + one, 0));
  });
});

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
