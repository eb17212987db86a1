import type { Prefix } from '../../base/ip.ts';
import type { SourceRange } from '../../base/source.ts';
import { nameOf } from '../checks/names.ts';
import type { SimulationState } from '../state.ts';
import { bare, type Cause, plainCause } from './cause.ts';
import type { KernelExplanation } from './kernel.ts';
import { staticSource } from './kernel.ts';
import type { Way } from './missing.ts';
import { originSource } from './origins.ts';
import type { ExplainedPath, PrefixExplanation } from './prefix.ts';

/** What there is to say about one prefix on one host. */
interface Place {
  readonly state: SimulationState;
  readonly node: number;
  readonly prefix: Prefix;
  readonly here: PrefixExplanation;
}

interface Answer {
  readonly answer: string;
  /** The line that made the difference; null: no line did. */
  readonly cause: Cause | null;
}

/** One sentence on a route that is there. */
export function answerHere({ state, node, prefix, here }: Place): Answer {
  const host = nameOf(state, node);
  const { kernel, paths } = here;
  const best = paths.find((path) => path.best);
  if (!best) {
    const where = `${host} has ${prefix.text} ${kernelWords(kernel)}, not by BGP`;
    return { answer: where, cause: lineOf(host, staticSource(state, node, prefix.text)) };
  }
  if (best.from === '') return answerOwn(state, node, prefix, here);
  const used = paths.filter((path) => path.multipath);
  const from = (used.length > 1 ? used : [best]).map(senderText);
  const outside = kernel.protocol === 'bgp' ? '' : `; ${notInKernel(kernel)}`;
  const usable = paths.some((path) => path.valid);
  const answer = `${host} has ${prefix.text} from ${listed(from)}${usable ? ',' : ''} ${choice(best, paths, used.length)}${outside}`;
  return { answer, cause: kernel.source ? bare(kernel) : null };
}

function answerOwn(
  state: SimulationState,
  node: number,
  prefix: Prefix,
  { paths }: PrefixExplanation,
): Answer {
  const familyState = state.families[prefix.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast'];
  const made = familyState.engine.best[node]?.path.source ?? 'network';
  const words: Readonly<Record<string, string>> = {
    network: 'with a network statement',
    announce: 'with an announcement of its own',
    aggregate: 'as an aggregate',
    default: 'with default-originate',
  };
  const others =
    paths.length === 1 ? '' : `; ${count(paths.length - 1, 'other path loses', 'other paths lose')}`;
  return {
    answer: `${nameOf(state, node)} makes ${prefix.text} itself, ${words[made] ?? `redistributing the ${made} route`}${others}`,
    cause: lineOf(nameOf(state, node), originSource(state, node, made, prefix)),
  };
}

function choice(best: ExplainedPath, paths: readonly ExplainedPath[], used: number): string {
  const usable = paths.filter((path) => path.valid).length;
  if (usable === 0) return `and cannot use it: ${best.reason}`;
  if (usable === 1)
    return paths.length === 1 ? 'the only path' : `the only usable one of ${paths.length} paths`;
  const together = used > 1 ? `${used} of ${usable} paths used together, ` : `best of ${usable} paths, `;
  return `${together}decided at ${best.reason}`;
}

function notInKernel(kernel: KernelExplanation): string {
  const instead =
    kernel.protocol === '' ? 'not in the kernel' : `the kernel has it ${kernelWords(kernel)} instead`;
  return kernel.reason === '' ? instead : `${instead}: ${kernel.reason}`;
}

/** `as connected route on eth1`, `as static route via 10.0.0.1`. */
function kernelWords({ protocol, nextHops }: KernelExplanation): string {
  const via = nextHops.map((hop) => hop.gateway || hop.interface);
  if (nextHops.length === 0) return `as ${protocol} route into a black hole`;
  const word = protocol === 'connected' ? 'on' : 'via';
  return `as ${protocol} route ${word} ${via.join(', ')}`;
}

/** One sentence on a route that is not there: what stopped it on the most promising way. */
export function answerMissing(
  { state, node, prefix, here }: Place,
  [way]: readonly Way[],
  related: readonly string[],
): Answer {
  const none = `${nameOf(state, node)} has no route to ${prefix.text}`;
  const [own] = here.notOriginated;
  if (own && (!way || way.reached === 0)) return { answer: `${none}: ${own.reason}`, cause: own };
  if (way) return { answer: `${none}: ${way.why}`, cause: bare(way.stop) };
  const familyState = state.families[prefix.family === 4 ? 'ipv4-unicast' : 'ipv6-unicast'];
  const makers = [...(familyState.byText.get(prefix.text)?.origins.keys() ?? [])];
  if (makers.length > 0) {
    const why = state.routers[node] ? 'no session leads there' : 'it does not speak BGP';
    return { answer: `${none}: ${nameOf(state, makers[0] ?? 0)} announces it, but ${why}`, cause: null };
  }
  const near = related.length > 0 ? `; the fabric has ${listed(related)}` : '';
  return { answer: `${none}: nobody announces it${near}`, cause: null };
}

function lineOf(host: string, source: SourceRange | null): Cause | null {
  return source && plainCause(host, '', source);
}

function senderText({ fromHost, from }: ExplainedPath): string {
  return fromHost === '' || fromHost === from ? from : `${fromHost} (${from})`;
}

function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
