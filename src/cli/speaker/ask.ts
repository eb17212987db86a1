import { Command, Option } from 'commander';
import { carriedFamilies, familyNames } from '../../base/family.ts';
import {
  formatAdjIn,
  formatAdjOut,
  formatNeighbor,
  formatNeighbors,
  formatRib,
  formatStatus,
} from '../../report/speaker-text.ts';
import type { AdjInRow, AdjOutRow, NeighborView, Page, RibRow, StatusView } from '../../speaker/api/types.ts';
import { type ExitCode, exit, type Io, type Report } from '../io.ts';
import { asNumbers, formatOption, wholeNumber } from '../options.ts';
import { sayDiagnostics } from '../project.ts';
import { refuse } from '../refuse.ts';
import { apiPlace, ask, follow, type PlaceOptions } from './client.ts';

interface AskOptions extends PlaceOptions {
  readonly format: 'text' | 'json';
}

interface TableOptions extends AskOptions {
  readonly family?: string;
  readonly longer?: boolean;
  readonly limit?: number;
}

const argumentWords: Readonly<Record<string, string>> = {
  neighbor: 'its address, as the configuration has it',
  prefix: 'as 10.0.0.0/24 or 2001:db8::/32',
};

/** The commands that talk to a running speaker. */
export function askCommands(io: Io, report: Report): readonly Command[] {
  const command = (usage: string, description: string) => {
    const [name = '', ...words] = usage.split(' ').filter((word) => word !== '');
    const made = new Command(name).description(description);
    for (const word of words) made.argument(word, argumentWords[word.slice(1, -1)]);
    return made
      .option('--socket <path>', 'unix socket of the speaker (default: /run/fabricgen/NAME.sock)')
      .option('--api <address:port>', 'loopback address of the speaker')
      .option('--name <name>', 'name of the speaker', 'speaker')
      .addOption(formatOption(['text', 'json']));
  };
  const show = async <View>(options: AskOptions, path: string, text: (view: View) => string) =>
    report(await showAnswer(options, io, path, text));
  const change = async (options: AskOptions, path: string, body: unknown) =>
    report(await post(options, io, path, body));
  const table = <Row>(name: string, description: string, format: (page: Page<Row>) => string) =>
    command(`${name} ${name === 'rib' ? '' : '<neighbor> '}[prefix]`, description)
      .addOption(
        new Option('--family <family>', 'address family').choices([...familyNames, ...carriedFamilies]),
      )
      .option('--longer', 'also what lies inside the prefix')
      .option('--limit <rows>', 'at most so many prefixes', wholeNumber(1))
      .action(async (...given: readonly unknown[]) => {
        const options = given.at(-2) as TableOptions;
        const [first, second] = given as readonly (string | undefined)[];
        const [neighbor, prefix] = name === 'rib' ? [undefined, first] : [first, second];
        const path =
          neighbor === undefined ? '/v1/rib' : `/v1/neighbors/${encodeURIComponent(neighbor)}/${name}`;
        await show<Page<Row>>(options, `${path}${tableQuery(options, prefix)}`, format);
      });
  return [
    command('status', 'the speaker at a glance').action((options: AskOptions) =>
      show<StatusView>(options, '/v1/status', formatStatus),
    ),
    command('neighbors [neighbor]', 'all neighbors as a table, or one in full').action(
      (name: string | undefined, options: AskOptions) =>
        name === undefined
          ? show<{ neighbors: readonly NeighborView[] }>(options, '/v1/neighbors', ({ neighbors }) =>
              formatNeighbors(neighbors),
            )
          : show<NeighborView>(options, `/v1/neighbors/${encodeURIComponent(name)}`, formatNeighbor),
    ),
    table<RibRow>('rib', 'the routing table, with what beat each loser', formatRib),
    table<AdjInRow>('adj-in', 'what a neighbor said, before and after the import policy', formatAdjIn),
    table<AdjOutRow>('adj-out', 'what a neighbor was told', formatAdjOut),
    announceCommand(command('announce <prefix>', 'announce a route'), change),
    command('withdraw <prefix>', 'withdraw a route that was announced')
      .addOption(carriedOption())
      .action((prefix: string, { family, ...options }: AskOptions & { family?: string }) =>
        change(options, '/v1/withdraw', { prefix, family }),
      ),
    command('reset <neighbor>', 'ask the policies again, or begin a new session')
      .addOption(
        new Option(
          '--how <how>',
          'in, out, both: our policies; refresh: the peer says everything again; hard: a new session',
        )
          .choices(['in', 'out', 'both', 'refresh', 'hard'])
          .default('both'),
      )
      .option('-m, --message <words>', "words for the peer's operator, with --how hard")
      .action((name: string, { how, message, ...options }: AskOptions & { how: string; message?: string }) =>
        change(options, `/v1/neighbors/${encodeURIComponent(name)}/reset`, {
          how,
          ...(message ? { message } : {}),
        }),
      ),
    command('shutdown <neighbor>', 'end a session and keep it down')
      .option('-m, --message <words>', "words for the peer's operator (RFC 9003)")
      .action((name: string, { message, ...options }: AskOptions & { message?: string }) =>
        change(options, `/v1/neighbors/${encodeURIComponent(name)}/shutdown`, message ? { message } : {}),
      ),
    command('start <neighbor>', 'start a session that was shut down').action(
      (name: string, options: AskOptions) =>
        change(options, `/v1/neighbors/${encodeURIComponent(name)}/start`, {}),
    ),
    command('events', 'what happens, one JSON object a line, until interrupted')
      .option('--since <id>', 'begin with the events kept after this number', wholeNumber(0))
      .action(async ({ since, ...options }: AskOptions & { since?: number }) =>
        report(await events(options, since, io)),
      ),
  ];
}

interface AnnounceOptions extends AskOptions {
  readonly nextHop?: string;
  readonly origin?: string;
  readonly asPath?: readonly number[];
  readonly med?: number;
  readonly localPref?: number;
  readonly aigp?: number;
  readonly community?: readonly string[];
  readonly largeCommunity?: readonly string[];
  readonly family?: string;
  readonly extendedCommunity?: readonly string[];
  readonly label?: readonly string[];
  readonly segment?: string;
  readonly gateway?: string;
}

/** A destination in place of a prefix, in quotes because of its blanks. */
function carriedOption(): Option {
  return new Option(
    '--family <family>',
    'of a route that is passed on; <prefix> is then a destination as `rib` prints it',
  ).choices(carriedFamilies);
}

function announceCommand(
  command: Command,
  change: (options: AskOptions, path: string, body: unknown) => Promise<void>,
): Command {
  return command
    .option('--next-hop <address>', 'default: the own address on each session')
    .addOption(new Option('--origin <origin>').choices(['igp', 'egp', 'incomplete']))
    .option('--as-path <asns>', 'AS numbers, separated by blanks', asNumbers)
    .option('--med <value>', 'MULTI_EXIT_DISC', wholeNumber(0))
    .option('--local-pref <value>', 'LOCAL_PREF', wholeNumber(0))
    .option('--aigp <metric>', 'accumulated metric, sent where a session has it (RFC 7311)', wholeNumber(0))
    .option('--community <communities...>', 'communities, as 65000:1 or no-export')
    .option('--large-community <communities...>', 'large communities, as 65000:1:2')
    .addOption(carriedOption())
    .option('--extended-community <communities...>', 'rt:65000:1, encap:vxlan, traffic-rate:0:0 ...')
    .option('--label <labels...>', 'with --family: labels, or the VNI of an EVPN route')
    .option('--segment <digits>', 'with --family l2vpn-evpn: Ethernet segment, 20 hexadecimal digits')
    .option('--gateway <address>', 'with --family l2vpn-evpn: gateway of a route of type 5')
    .action((prefix: string, options: AnnounceOptions) => {
      const { nextHop, origin, asPath, med, localPref, aigp, community, largeCommunity } = options;
      const { family, extendedCommunity, label, segment, gateway } = options;
      const given = {
        nextHop,
        origin,
        asPath,
        med,
        localPref,
        aigp,
        communities: community,
        largeCommunities: largeCommunity,
        family,
        extendedCommunities: extendedCommunity,
        labels: label?.map(Number),
        segment,
        gateway,
      };
      return change(options, '/v1/announce', { prefix, ...given });
    });
}

function tableQuery({ family, longer, limit }: TableOptions, prefix: string | undefined): string {
  const query = new URLSearchParams();
  if (prefix !== undefined) query.set('prefix', prefix);
  if (family !== undefined) query.set('family', family);
  if (longer) query.set('longer', 'true');
  if (limit !== undefined) query.set('limit', String(limit));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

async function showAnswer<View>(
  options: AskOptions,
  io: Io,
  path: string,
  text: (view: View) => string,
): Promise<ExitCode> {
  const body = await answered(options, io, 'GET', path);
  if (body === null) return exit.usage;
  io.out(options.format === 'json' ? `${JSON.stringify(body, null, 2)}\n` : text(body as View));
  return exit.clean;
}

async function post(options: AskOptions, io: Io, path: string, body: unknown): Promise<ExitCode> {
  const given = await answered(options, io, 'POST', path, body);
  if (given === null) return exit.usage;
  if (options.format === 'json') io.out(`${JSON.stringify(given, null, 2)}\n`);
  return exit.clean;
}

/** null: after saying why there is no answer, or what the speaker has against it. */
async function answered(
  options: AskOptions,
  io: Io,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const place = apiPlace(options, 'speaker');
  const answer = place === null || 'rule' in place ? place : await ask(place, method, path, body);
  if (answer === null) return null;
  if ('rule' in answer) {
    sayDiagnostics([answer], new Map(), io);
    return null;
  }
  if (answer.status < 300) return answer.body;
  const { error = `status ${answer.status}` } = answer.body as { readonly error?: string };
  const fix =
    answer.status === 404
      ? '`fabricgen speaker neighbors` shows them all'
      : 'the command with --help says what it takes';
  sayDiagnostics(
    [{ rule: 'speaker-answer', severity: 'error', message: error, ranges: [], fix }],
    new Map(),
    io,
  );
  return null;
}

async function events(options: AskOptions, since: number | undefined, io: Io): Promise<ExitCode> {
  const place = apiPlace(options, 'speaker');
  const path = since === undefined ? '/v1/events' : `/v1/events?since=${since}`;
  const fault =
    place === null || 'rule' in place ? place : await follow(place, path, (line) => io.out(`${line}\n`));
  if (fault === null) return exit.clean;
  return refuse(io, fault);
}
