import { Command } from 'commander';
import { type Address, type Prefix, parseAddress, parsePrefix } from '../base/ip.ts';
import { withInventory } from '../pipeline/inventory-place.ts';
import { formatExplanation } from '../report/explain-text.ts';
import { explainRoute, type RouteExplanation } from '../simulator/explain/route.ts';
import { type ExitCode, exit, type Io, type Report } from './io.ts';
import { outStyle } from './project.ts';
import { type AskOptions, askNetwork, unknownHost, withQuestion } from './question.ts';
import { refuseArgument } from './refuse.ts';

export function explainCommand(io: Io, report: Report): Command {
  return withQuestion(new Command('explain'))
    .description('say why a host has a route, or where on the way a missing route died and which line did it')
    .argument('<host>', 'whose table')
    .argument('<prefix>', 'a prefix, or an address: then the longest match')
    .action(async (host: string, prefix: string, options: AskOptions) =>
      report(await run(host, prefix, options, io)),
    );
}

async function run(host: string, text: string, options: AskOptions, io: Io): Promise<ExitCode> {
  const asked: Prefix | Address | null = parsePrefix(text) ?? parseAddress(text);
  if (!asked) {
    const fix = 'write it as 10.1.2.0/24, 2001:db8::/32, 10.1.2.3 or 2001:db8::1';
    return refuseArgument(io, `${JSON.stringify(text)} is neither a prefix nor an address`, fix);
  }
  const network = await askNetwork(options, io);
  if (typeof network === 'number') return network;
  const explained = explainRoute(network.state, host, asked);
  if (!explained) return unknownHost(host, network.state, io);
  const told = network.fabric ? withInventory(explained, network.fabric) : explained;
  if (options.format === 'json') io.out(`${JSON.stringify(told, null, 2)}\n`);
  else io.out(formatExplanation(told, outStyle(io)));
  return codeOf(told, network.unmodelled);
}

/** A circle, or a line that is not modelled, leaves no answer to rely on. */
function codeOf({ present, unsettled }: RouteExplanation, unmodelled: boolean): ExitCode {
  if (unsettled || unmodelled) return exit.inconclusive;
  return present ? exit.clean : exit.findings;
}
