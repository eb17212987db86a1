import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { readText } from '../../base/read-text.ts';
import { systemReason } from '../../base/system-reason.ts';
import { formatNeighbors, formatRib, formatStatus } from '../../report/speaker-text.ts';
import { neighborView } from '../../speaker/api/neighbor-view.ts';
import { statusView } from '../../speaker/api/status-view.ts';
import { ribPage } from '../../speaker/api/table-views.ts';
import { pcapOf } from '../../speaker/record/pcap.ts';
import { type Recording, readRecording } from '../../speaker/record/read.ts';
import { replay } from '../../speaker/record/replay.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { sayDiagnostics } from '../project.ts';
import { refuse, unwritable } from '../refuse.ts';
import { interpret, readerOf, type SpeakerSource } from './config.ts';

/** Repeats a recording and prints what came of it: notes on standard error, tables on standard output. */
export function replayFile(path: string, io: Io): ExitCode {
  const recording = load(path);
  if ('rule' in recording) return refuse(io, recording);
  const { name, target, daemonVersion: version, files } = recording.header;
  const source: SpeakerSource = { name, target, version, files, shown: files };
  const { speaker: config, diagnostics } = interpret({ ...source, shown: {} });
  if (!config) return refuse(io, ...diagnostics);
  const { speaker, events, difference, inputs } = replay(
    recording,
    config,
    readerOf({ ...source, shown: {} }),
  );
  for (const { at, neighbor, message } of events)
    io.err(`${(at / 1000).toFixed(3)} ${neighbor === undefined ? '' : `${neighbor} `}${message}\n`);
  io.out(formatStatus(statusView(speaker, name)));
  io.out(formatNeighbors(speaker.neighbors.map((one) => neighborView(speaker, one))));
  for (const family of speaker.tables.keys()) {
    const page = ribPage(speaker, { family, prefix: null, longer: false, after: -1, limit: MOST_ROWS });
    if (page.rows.length > 0) io.out(`${family}\n${formatRib(page)}`);
  }
  if (recording.cut) io.err('the recording ends within a line: the speaker was killed\n');
  if (difference === null) {
    io.err(`${inputs} inputs repeated, every answer the same\n`);
    return exit.clean;
  }
  sayDiagnostics([fault(`${path} does not repeat itself: ${difference}`)], new Map(), io);
  return exit.findings;
}

const MOST_ROWS = 1_000_000;

/** `fabricgen speaker pcap RECORDING`: for Wireshark and tshark. */
export function pcapCommand(io: Io, report: Report): Command {
  return new Command('pcap')
    .description('turn a recording into a packet capture that Wireshark and tshark read')
    .argument('<recording>', 'file written by --record')
    .requiredOption('-o, --output <file>', 'capture to write')
    .action((path: string, { output }: { output: string }) => {
      const recording = load(path);
      if ('rule' in recording) report(refuse(io, recording));
      else report(writeCapture(output, recording, io));
    });
}

function writeCapture(output: string, recording: Recording, io: Io): ExitCode {
  try {
    writeFileSync(output, pcapOf(recording));
    return exit.clean;
  } catch (error) {
    return refuse(io, unwritable(output, error));
  }
}

const MAX_BYTES = 500 << 20;

function load(path: string): Recording | Diagnostic {
  try {
    const recording = readRecording(readText(path, { most: MAX_BYTES, plain: false, strict: false }).text);
    return typeof recording === 'string' ? fault(`${path} is no recording: ${recording}`) : recording;
  } catch (error) {
    return { ...fault(`${path} cannot be read: ${systemReason(error)}`), rule: 'file-unreadable' };
  }
}

function fault(message: string): Diagnostic {
  const fix = 'use a file that `fabricgen speaker --record` of this version wrote';
  return { rule: 'speaker-recording', severity: 'error', message, ranges: [], fix };
}
