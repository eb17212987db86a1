import { Command } from 'commander';
import { type Address, parseAddress } from '../base/ip.ts';
import { formatTrace } from '../report/trace-text.ts';
import { type Trace, trace } from '../simulator/forwarding/trace.ts';
import { addressOfHost, nodeBehind } from '../simulator/forwarding/trace-ends.ts';
import type { SimulationState } from '../simulator/state.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { outStyle } from './project.ts';
import { type AskOptions, askNetwork, unknownHost, withQuestion } from './question.ts';
import { refuseArgument } from './refuse.ts';

interface TraceOptions extends AskOptions {
  readonly ipv6?: boolean;
}

export function traceCommand(io: Io, report: Report): Command {
  return withQuestion(new Command('trace'))
    .description('follow a packet hop by hop on every way, and the answer back')
    .argument('<from>', 'a host, or an address of one or of its containers')
    .argument('<to>', 'a host or an address')
    .option('-6, --ipv6', 'between two hosts: over IPv6')
    .action(async (from: string, to: string, options: TraceOptions) =>
      report(await run(from, to, options, io)),
    );
}

async function run(from: string, to: string, options: TraceOptions, io: Io): Promise<ExitCode> {
  const network = await askNetwork(options, io);
  if (typeof network === 'number') return network;
  const { state } = network;
  const start = startOf(state, from, io);
  if (typeof start === 'number') return start;
  const target = targetOf(state, to, start, options, io);
  if (typeof target === 'number') return target;
  const told = trace(state, start.node, start.source, target);
  io.out(options.format === 'json' ? `${JSON.stringify(told, null, 2)}\n` : formatTrace(told, outStyle(io)));
  return codeOf(told, network.unmodelled);
}

function codeOf({ ok, unsettled }: Trace, unmodelled: boolean): ExitCode {
  if (unsettled || unmodelled) return exit.inconclusive;
  return ok ? exit.clean : exit.findings;
}

interface Start {
  readonly node: number;
  /** null: the host chooses. */
  readonly source: Address | null;
}

function startOf(state: SimulationState, from: string, io: Io): Start | ExitCode {
  const known = state.wiring.indexOf.get(from);
  if (known !== undefined) return { node: known, source: null };
  const source = parseAddress(from);
  if (!source) return unknownHost(from, state, io);
  const node = nodeBehind(state, source);
  if (node !== null) return { node, source };
  return refuseArgument(
    io,
    `nobody has the address ${source.text}, and it lies in no network behind a host`,
    'name a host, an address of one, or an address in the network of its containers',
  );
}

function targetOf(
  state: SimulationState,
  to: string,
  { node: from, source }: Start,
  { ipv6 }: TraceOptions,
  io: Io,
): Address | ExitCode {
  const address = parseAddress(to);
  const node = state.wiring.indexOf.get(to);
  if (node === undefined) {
    if (!address) return unknownHost(to, state, io);
    if (!source || source.family === address.family) return address;
    const message = `${source.text} and ${address.text} are of different IP versions`;
    return refuseArgument(io, message, 'give two addresses of one version');
  }
  const families: readonly (4 | 6)[] = source ? [source.family] : ipv6 ? [6] : [4, 6];
  for (const family of families) {
    const found = addressOfHost(state, node, from, family);
    if (found) return found;
  }
  const kind = families.length === 1 ? `IPv${families[0]} ` : '';
  return refuseArgument(io, `${to} has no ${kind}address to trace to`, 'give the address that is meant');
}
