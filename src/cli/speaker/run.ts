import { closeSync, openSync, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { parseAddress } from '../../base/ip.ts';
import { formatSpeakerConfig } from '../../report/speaker-config-text.ts';
import { configView } from '../../speaker/api/config-view.ts';
import type { SpeakerConfig } from '../../speaker/config.ts';
import type { HostState } from '../../speaker/host-state.ts';
import { Daemon, type KernelOptions } from '../../speaker/node/daemon.ts';
import { readHostState } from '../../speaker/node/host.ts';
import { serveApi } from '../../speaker/node/http.ts';
import { iproute, mayChangeRoutes } from '../../speaker/node/iproute.ts';
import { type ListenPlace, listenFault } from '../../speaker/node/listeners.ts';
import { createLogger, type logLevels } from '../../speaker/node/logger.ts';
import { nodeEnvironment } from '../../speaker/node/tcp.ts';
import type { Operation } from '../../speaker/operation/operation.ts';
import { Recorder, type RecordingSink } from '../../speaker/record/recorder.ts';
import type { GracefulSettings } from '../../speaker/session/our-open.ts';
import { type ExitCode, exit, type Io } from '../io.ts';
import { exitOf, sayDiagnostics } from '../project.ts';
import { refuse, unwritable } from '../refuse.ts';
import { apiPlace } from './client.ts';
import {
  type Interpreted,
  interpret,
  readerOf,
  type SpeakerSource,
  sourceOfFile,
  sourceOfHost,
} from './config.ts';
import { replayFile } from './replay.ts';
import { RestartMark, restartMarkPath } from './restart.ts';
import { endOfSpeaker } from './signals.ts';
import { obeyStdin } from './stdin.ts';

export interface SpeakerOptions {
  readonly config?: string;
  readonly format?: string;
  readonly inventory?: string;
  readonly host?: string;
  readonly name?: string;
  readonly port: number;
  readonly listen: readonly string[] | false;
  readonly socket?: string;
  readonly api?: string | false;
  readonly graceful?: number | true;
  readonly installRoutes?: boolean;
  readonly kernelProtocol: number;
  readonly kernelMetric: number;
  readonly stdin?: boolean;
  readonly record?: string;
  readonly replay?: string;
  readonly check?: boolean;
  readonly logLevel: (typeof logLevels)[number];
}

/** Runs a speaker until a signal ends it. */
export async function runSpeaker(options: SpeakerOptions, io: Io): Promise<ExitCode> {
  if (options.replay !== undefined) return replayFile(options.replay, io);
  const source = await readSource(options, io);
  if (typeof source === 'number') return source;
  if ('rule' in source) return refuse(io, source);
  const interpreted = interpret(source);
  say(source, interpreted, io);
  if (!interpreted.speaker) return exitOf(interpreted.diagnostics);
  if (options.check) {
    io.out(formatSpeakerConfig(configView(interpreted.speaker.bgp)));
    return exit.clean;
  }
  const places = placesOf(options, interpreted.speaker);
  if ('rule' in places) return refuse(io, places);
  try {
    return await run(source, interpreted.speaker, places, options, io);
  } catch (error) {
    // The recording and the mark of a restart are the files it writes itself.
    const { path } = error as NodeJS.ErrnoException;
    if (path === undefined) throw error;
    return refuse(io, unwritable(path, error));
  }
}

function readSource(
  { config, format, inventory, host, name }: SpeakerOptions,
  io: Io,
): Promise<SpeakerSource | Diagnostic | ExitCode> {
  if (config !== undefined) return Promise.resolve(sourceOfFile(config, format ?? null, name ?? null));
  if (host !== undefined) return sourceOfHost(inventory ?? 'inventory', host, io);
  return Promise.resolve({
    rule: 'speaker-config',
    severity: 'error',
    message: 'no configuration is named',
    ranges: [],
    fix: 'use --config FILE, or --inventory DIR --host NAME',
  });
}

async function run(
  source: SpeakerSource,
  config: SpeakerConfig,
  places: readonly ListenPlace[],
  options: SpeakerOptions,
  io: Io,
): Promise<ExitCode> {
  const name = options.name ?? source.name;
  const log = createLogger(name, options.logLevel, io.err);
  const kernel = options.installRoutes ? await kernelOf(options) : null;
  if (kernel && 'rule' in kernel) return refuse(io, kernel);
  const own = new Set(kernel?.leftovers.map(({ prefix, metric }) => `${prefix} ${metric}`));
  const host = readHostState((prefix, metric) => own.has(`${prefix} ${metric}`));
  const mark =
    options.graceful === undefined
      ? null
      : new RestartMark(options.graceful, restartMarkPath(options.socket, name));
  const graceful = mark?.settings ?? null;
  const recorder =
    options.record === undefined ? null : recorderTo(options.record, source, host, graceful, kernel !== null);
  const daemon = new Daemon({
    name,
    config,
    environment: recorder ?? nodeEnvironment,
    host,
    graceful,
    places,
    read: readerOf(source),
    recorder,
    kernel,
    log,
  });
  const faults = await daemon.start();
  if (faults.length > 0) return refuse(io, ...faults);
  const served = await serve(options, source.name, daemon);
  if (served && 'rule' in served) {
    await daemon.stop('', false);
    return refuse(io, served);
  }
  mark?.set();
  const endInput = options.stdin ? obeyStdin(daemon) : () => undefined;
  daemon.monitor.publish({
    level: 'info',
    event: 'started',
    message: `AS ${config.bgp.asn}, ${config.bgp.peers.length} neighbors`,
    fields: { asn: config.bgp.asn },
  });
  const signal = await endOfSpeaker(() => reload(daemon, options, io));
  daemon.monitor.publish({ level: 'info', event: 'stopping', message: `${signal}: goodbye`, fields: {} });
  endInput();
  served?.closeAllConnections();
  served?.close();
  await daemon.stop('', options.graceful !== undefined);
  return exit.clean;
}

/** SIGHUP: the configuration is read again; what is wrong with it is logged, and the old one stays. */
async function reload(daemon: Daemon, options: SpeakerOptions, io: Io): Promise<void> {
  const again = await readSource(options, io);
  const outcome =
    typeof again === 'number' || 'rule' in again
      ? { ok: false, words: typeof again === 'number' ? 'the inventory has errors' : again.message }
      : daemon.perform({ kind: 'reload', files: again.files });
  if (outcome.ok) return;
  const message = `configuration not taken over: ${outcome.words ?? ''}`;
  daemon.monitor.publish({ level: 'error', event: 'reload-refused', message, fields: {} });
}

/** The control API; null: it is not wanted. */
async function serve(
  options: SpeakerOptions,
  name: string,
  daemon: Daemon,
): Promise<Server | Diagnostic | null> {
  const place = apiPlace(options, name);
  if (place === null || 'rule' in place) return place;
  const target = {
    name: options.name ?? name,
    speaker: daemon.speaker,
    perform: (operation: Operation) => daemon.perform(operation),
  };
  try {
    return await serveApi(place, target, daemon.monitor);
  } catch (error) {
    return listenFault(error, 'socket' in place ? place.socket : `${place.address}:${place.port}`);
  }
}

function recorderTo(
  path: string,
  source: SpeakerSource,
  host: HostState,
  graceful: GracefulSettings | null,
  followsNextHops: boolean,
): Recorder {
  const { name, target, version: daemonVersion, files } = source;
  return new Recorder(nodeEnvironment, fileSink(path), {
    name,
    target,
    daemonVersion,
    files,
    host,
    graceful,
    followsNextHops,
  });
}

/** The kernel's table with what an earlier run left in it. */
async function kernelOf({
  kernelProtocol,
  kernelMetric,
}: SpeakerOptions): Promise<KernelOptions | Diagnostic> {
  const mark = { protocol: kernelProtocol, metric: kernelMetric };
  const refused = (message: string, fix: string): Diagnostic => ({
    rule: 'speaker-kernel',
    severity: 'error',
    message,
    ranges: [],
    fix,
  });
  if (reservedProtocols.has(kernelProtocol) || kernelProtocol > 255)
    return refused(
      `--kernel-protocol ${kernelProtocol} is not one of its own`,
      'use a number from 5 to 255 that no other program on this host uses, 179 for example',
    );
  if (!mayChangeRoutes())
    return refused(
      'this process may not change the routes of the kernel',
      'run as root or with CAP_NET_ADMIN, or leave out --install-routes',
    );
  const table = iproute(mark);
  try {
    return { table, mark, leftovers: await table.standing() };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return refused(`the kernel's routes cannot be read: ${words}`, 'install iproute2 and run as root');
  }
}

/** Redirects, the kernel, boot scripts and administrators: removing leftovers would remove theirs. */
const reservedProtocols: ReadonlySet<number> = new Set([1, 2, 3, 4]);

/** Lines are written in one go where there are many: a recording must not slow down what it records. */
function fileSink(path: string): RecordingSink {
  const descriptor = openSync(path, 'w', 0o600);
  let waiting: string[] = [];
  let size = 0;
  const flush = () => {
    if (waiting.length > 0) writeSync(descriptor, waiting.join(''));
    waiting = [];
    size = 0;
  };
  const timer = setInterval(flush, 200);
  return {
    write: (line) => {
      waiting.push(line);
      size += line.length;
      if (size > 65536) flush();
    },
    close: () => {
      clearInterval(timer);
      flush();
      closeSync(descriptor);
    },
  };
}

function placesOf(
  { listen, port }: SpeakerOptions,
  { bgp }: SpeakerConfig,
): readonly ListenPlace[] | Diagnostic {
  if (listen === false) return [];
  const ports = new Set([port, ...bgp.peers.flatMap(({ listenPorts = [] }) => listenPorts)]);
  const addresses = listen.length === 0 ? [null] : listen.map(parseAddress);
  const wrong = listen.find((_, index) => addresses[index] === null);
  if (wrong !== undefined) {
    return {
      rule: 'speaker-listen',
      severity: 'error',
      message: `--listen ${wrong} is not an address`,
      ranges: [],
      fix: 'name an IPv4 or IPv6 address of this host',
    };
  }
  return addresses.flatMap((address) => [...ports].map((one) => ({ address, port: one })));
}

/** Findings, and the lines that the daemon would heed and the speaker does not. */
function say(source: SpeakerSource, { diagnostics, lines }: Interpreted, io: Io): void {
  const texts = new Map(
    Object.entries(source.files).map(([name, text]) => [source.shown[name] ?? name, text] as const),
  );
  sayDiagnostics(diagnostics, texts, io);
  for (const { text, effect, source: place } of lines)
    io.err(`${place.file}:${place.line}: not modelled: ${text.trim()}\n  ${effect}\n`);
}
