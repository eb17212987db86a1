import type { TraceHop } from '../simulator/forwarding/forward.ts';
import type { Direction, Trace, TracedBranch } from '../simulator/forwarding/trace.ts';
import { plain, type Style } from './style.ts';
import { wrapped } from './wrap.ts';

/** A trace for a person: the answer, then every way there and back, one line per host, branching where the kernel does. */
export function formatTrace(told: Trace, style: Style = plain): string {
  const colour = told.ok ? style.good : style.error;
  const parts = [
    wrapped(colour(visible(told.answer)), '', '  '),
    told.unsettled
      ? style.warning('a prefix on the way never settles: this is one moment of a circle\n')
      : '',
    ...told.there.map((direction) => directionText('There', direction, style)),
    ...told.back.map((direction) => directionText('Back', direction, style)),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function directionText(title: string, told: Direction, style: Style): string {
  const why = told.sourceWhy === '' ? '' : ` (${told.sourceWhy})`;
  const head = `${style.strong(title)}: from ${told.from}, source ${told.source || 'none'}${why}, to ${told.to}\n`;
  const more = told.complete ? '' : `  … and more ways than are listed\n`;
  return (
    head +
    lines(treeOf(told.branches, 0), style)
      .map((line) => `  ${line}\n`)
      .join('') +
    more
  );
}

/** Branches that begin alike, taken together. */
interface Tree {
  readonly hop: TraceHop;
  /** Index of the hop in its branches. */
  readonly at: number;
  readonly branches: readonly TracedBranch[];
  readonly beyond: readonly Tree[];
}

function treeOf(branches: readonly TracedBranch[], at: number): readonly Tree[] {
  const groups = new Map<string, TracedBranch[]>();
  for (const branch of branches) {
    const hop = branch.hops[at];
    if (!hop) continue;
    const key = [hop.host, hop.prefix].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), branch]);
  }
  return [...groups.values()].flatMap((same) => {
    const hop = same[0]?.hops[at];
    return hop ? [{ hop, at, branches: same, beyond: waysOut(same, at) }] : [];
  });
}

/** The next hosts of branches that are on one host now, one for each way out of it. */
function waysOut(branches: readonly TracedBranch[], at: number): readonly Tree[] {
  const byExit = new Map<string, TracedBranch[]>();
  for (const branch of branches) {
    const hop = branch.hops[at];
    const key = `${hop?.interface} ${hop?.gateway} ${branch.hops[at + 1]?.host}`;
    byExit.set(key, [...(byExit.get(key) ?? []), branch]);
  }
  return [...byExit.values()].flatMap((same) => treeOf(same, at + 1));
}

function lines(trees: readonly Tree[], style: Style): readonly string[] {
  return trees.flatMap((tree) => {
    const ways = exits(tree);
    const own = hostLines(tree, ways, style);
    if (ways.length < 2) return [...own, ...lines(tree.beyond, style)];
    return [
      ...own,
      ...ways.flatMap((way, index) => branchLines(tree, way, index === ways.length - 1, style)),
    ];
  });
}

/** The ways out of a host, each with its branches. */
function exits({ branches, at }: Tree): readonly (readonly TracedBranch[])[] {
  const byExit = new Map<string, TracedBranch[]>();
  for (const branch of branches) {
    const hop = branch.hops[at];
    const key = `${hop?.interface} ${hop?.gateway} ${branch.hops[at + 1]?.host}`;
    byExit.set(key, [...(byExit.get(key) ?? []), branch]);
  }
  return [...byExit.values()];
}

function branchLines(
  { at }: Tree,
  way: readonly TracedBranch[],
  last: boolean,
  style: Style,
): readonly string[] {
  const [branch] = way;
  const hop = branch?.hops[at];
  if (!branch || !hop) return [];
  const [stem, rest] = last ? ['└─ ', '   '] : ['├─ ', '│  '];
  const below = [
    ...rewriteLines(branch, hop),
    ...endLines(branch, at, style),
    ...lines(treeOf(way, at + 1), style),
  ];
  return [`${stem}${exitText(hop)}`, ...below.map((line) => `${rest}${line}`)];
}

function hostLines({ hop, branches, at }: Tree, ways: readonly unknown[], style: Style): readonly string[] {
  const [branch] = branches;
  if (!branch) return [];
  const name = style.strong(hop.host);
  if (hop.interface === '') return [`${name}  ${endText(branch, style)}`];
  const route = `${hop.prefix} (${hop.protocol})`;
  if (ways.length > 1) return [`${name}  ${route}, ${ways.length} ways`];
  return [`${name}  ${route} ${exitText(hop)}`, ...rewriteLines(branch, hop), ...endLines(branch, at, style)];
}

function exitText({ gateway, interface: name }: TraceHop): string {
  return `${gateway === '' ? '' : `via ${gateway} `}dev ${name}`;
}

function rewriteLines({ rewrites }: TracedBranch, { host, interface: name }: TraceHop): readonly string[] {
  const found = rewrites.find((one) => one.host === host && one.interface === name);
  return found ? [`  masquerade: source ${found.before} becomes ${found.after}`] : [];
}

/** A branch whose last hop left its host and arrived nowhere. */
function endLines(branch: TracedBranch, at: number, style: Style): readonly string[] {
  return branch.hops.length === at + 1 && branch.hops[at]?.interface !== ''
    ? [`  ${endText(branch, style)}`]
    : [];
}

function endText({ end, why, hops }: TracedBranch, style: Style): string {
  const host = hops.at(-1)?.host ?? '';
  const words = visible(why.startsWith(`${host}: `) ? why.slice(host.length + 2) : why);
  return end === 'delivered' ? style.good(`delivered: ${words}`) : style.error(`${end}: ${words}`);
}

/** Names and values come from files: control characters are made visible. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}
