import { formatSource } from '../base/source.ts';
import type { Cause } from '../simulator/explain/cause.ts';
import type { Way } from '../simulator/explain/missing.ts';
import type { ExplainedPath } from '../simulator/explain/prefix.ts';
import type { RouteExplanation } from '../simulator/explain/route.ts';
import type { AdvertisedRoute, ReceivedRoute } from '../simulator/explain/slots.ts';
import { plain, type Style } from './style.ts';
import { wrapped } from './wrap.ts';

/**
 * The explanation of one route for a person. The first line is the answer; then the way the route took or could have taken, the
 * paths with the step that decided between them, the kernel, and what came in and goes out.
 */
export function formatExplanation(told: RouteExplanation, style: Style = plain): string {
  const colour = told.present ? style.good : style.error;
  const parts = [
    `${colour(visible(told.answer))}${placeText(told.cause)}\n`,
    unsettled(told, style),
    chainText(told, style),
    section('Ways it could have come', waysText(told.ways, style), style),
    insteadText(told),
    section(
      'Paths, best first',
      told.paths.map((path) => pathText(path, told, style)),
      style,
    ),
    section('Kernel', kernelText(told), style),
    section('Received', receivedText(told.received, style), style),
    section(
      'Not announced by this host',
      told.notOriginated.map((cause) => wrapped(`${visible(cause.reason)}${placeText(cause)}`, '  ', '    ')),
      style,
    ),
    section('Sent', told.paths.some((path) => path.best) ? sentText(told.advertised, style) : [], style),
    section(
      'Longer prefixes that only others have',
      told.longer.map(({ answer, cause }) => wrapped(`${visible(answer)}${placeText(cause)}`, '  ', '    ')),
      style,
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function section(title: string, lines: readonly string[], style: Style): string {
  return lines.length === 0 ? '' : `${style.strong(title)}\n${lines.join('')}`;
}

function unsettled({ unsettled: is, prefix }: RouteExplanation, style: Style): string {
  return is ? style.warning(`${prefix} never settles: this is one moment of a circle\n`) : '';
}

/** `tor1 → spine1 → web03`. */
function chainText({ chain, host }: RouteExplanation, style: Style): string {
  if (chain.length < 2) return '';
  return wrapped(chain.map((name) => (name === host ? style.strong(name) : name)).join(' → '), '  ', '    ');
}

const WAYS_SHOWN = 6;

function waysText(ways: readonly Way[], style: Style): readonly string[] {
  const more = ways.length - WAYS_SHOWN;
  const shown = ways.slice(0, WAYS_SHOWN).map((way) => wayText(way, style));
  return more > 0 ? [...shown, style.dim(`  … and ${more} more, with --format json\n`)] : shown;
}

function wayText({ hosts, reached, stop, why: clause }: Way, style: Style): string {
  const marked = hosts.map((name, at) => {
    const arrow = at === reached ? `${style.error('✗')} ` : at === 0 ? '' : '→ ';
    return `${arrow}${at < reached ? style.good(name) : name}`;
  });
  const why = `${visible(clause)}${placeText(stop)}`;
  const note = stop.note === '' ? '' : wrapped(visible(stop.note), '      ');
  return `${wrapped(marked.join(' '), '  ', '    ')}${wrapped(why, '      ')}${note}`;
}

function insteadText({ instead, host, prefix }: RouteExplanation): string {
  if (!instead) return '';
  const via = instead.via.length > 0 ? `via ${instead.via.join(', ')}` : 'into a black hole';
  return wrapped(
    `Packets from ${host} to ${prefix} follow ${instead.prefix} (${instead.protocol}) ${via}`,
    '',
  );
}

const originCodes = { igp: 'i', egp: 'e', incomplete: '?' } as const;

function pathText(path: ExplainedPath, told: RouteExplanation, style: Style): string {
  const status = `${path.valid ? '*' : ' '}${path.best ? '>' : path.multipath ? '=' : ' '}`;
  const from = path.from === '' ? 'made here' : `from ${sender(path.fromHost, path.from)}`;
  const facts = [
    `AS path ${`${path.asPath} ${path.origin ? originCodes[path.origin] : ''}`.trimStart()}`,
    path.localPref === null ? '' : `local-pref ${path.localPref}`,
    path.med === null ? '' : `MED ${path.med}`,
    path.weight ? `weight ${path.weight}` : '',
    ...[...path.communities, ...path.largeCommunities].map((community) => `community ${community}`),
    path.originatorId === null ? '' : `originator ${path.originatorId}`,
    path.clusterList.length > 0 ? `cluster list ${path.clusterList.join(' ')}` : '',
  ].filter((fact) => fact !== '');
  const colour = path.best ? style.good : path.valid ? style.dim : style.error;
  return (
    `  ${status} ${style.strong(from)}, next hop ${path.nextHop}\n` +
    wrapped(facts.join(', '), '     ') +
    wrapped(verdict(path, told), '     ').replace(/\S.*\S/g, (line) => colour(line))
  );
}

function verdict(path: ExplainedPath, { paths }: RouteExplanation): string {
  if (!path.valid) return `cannot be used: ${visible(path.reason)}`;
  if (path.best) return paths.length === 1 ? 'best: the only path' : `best: decided at ${path.reason}`;
  const { lost } = path;
  if (!lost) return path.reason;
  const winner = lost.to === '' ? 'the path made here' : sender(lost.toHost, lost.to);
  const values = lost.own === '' && lost.other === '' ? '' : `: ${lost.own} against ${lost.other}`;
  const used = path.multipath ? 'used beside the best; ' : '';
  const how =
    lost.step === 'list-order' ? 'because every step ties and it stands behind' : `at ${lost.step}${values}`;
  return `${used}lost to ${winner} ${how}`;
}

function kernelText({ kernel, prefix, paths }: RouteExplanation): readonly string[] {
  if (kernel.protocol === '' && kernel.reason === '' && paths.length === 0) return [];
  const why = kernel.reason === '' ? '' : `${visible(kernel.reason)}${placeText(kernel)}`;
  if (kernel.protocol === '') return [wrapped(`no route${why === '' ? '' : `: ${why}`}`, '  ')];
  const hops = kernel.nextHops.map(
    (hop) => `${hop.gateway === '' ? '' : `via ${hop.gateway} `}dev ${hop.interface}`,
  );
  const to = hops.length > 0 ? hops.join(', ') : 'blackhole';
  return [wrapped(`${prefix} ${to} (${kernel.protocol})${why === '' ? '' : `; BGP: ${why}`}`, '  ', '    ')];
}

/** What was accepted for the same reason stands together: its paths are above. */
function receivedText(routes: readonly ReceivedRoute[], style: Style): readonly string[] {
  const groups = new Map<string, ReceivedRoute[]>();
  for (const route of routes) {
    const key = [route.accepted, route.reason, placeText(route), route.accepted || route.asPath].join('|');
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()].map((same) => {
    const [route] = same;
    if (!route) return '';
    const from = same.map((one) => sender(one.fromHost, one.from)).join(', ');
    const path =
      route.accepted || route.reason.includes(`(${route.asPath})`)
        ? ''
        : ` with AS path ${route.asPath === '' ? 'empty' : route.asPath}`;
    const why = route.reason === '' ? '' : `: ${visible(route.reason)}${placeText(route)}`;
    const word = route.accepted ? 'accepted' : style.error('refused');
    return wrapped(`${word} from ${from}${path}${why}`, '  ', '    ');
  });
}

/** Peers that are told the same for the same reason stand together. */
function sentText(routes: readonly AdvertisedRoute[], style: Style): readonly string[] {
  const groups = new Map<string, AdvertisedRoute[]>();
  for (const route of routes) {
    const key = [route.sent, route.reason, route.asPath, placeText(route)].join('|');
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()].map((same) => {
    const [route] = same;
    if (!route) return '';
    const to = same.map((one) => sender(one.toHost, one.to)).join(', ');
    const why = route.reason === '' ? '' : `: ${visible(route.reason)}${placeText(route)}`;
    const what = route.sent ? ` with AS path ${route.asPath === '' ? 'empty' : route.asPath}` : '';
    return wrapped(`${route.sent ? 'to' : style.dim('not to')} ${to}${what}${why}`, '  ', '    ');
  });
}

function sender(host: string, name: string): string {
  return host === '' || host === name ? name : `${host} (${name})`;
}

/** ` (build/web01/bgpd.conf:12; inventory hosts.yml:4:3)`. */
function placeText(cause: Cause | null): string {
  if (!cause?.source || cause.source.file === '') return '';
  const stated = cause.inventory ? `; inventory ${formatSource(cause.inventory)}` : '';
  return ` (${cause.source.file}:${cause.source.line}${stated})`;
}

/** Names and values come from files: control characters are made visible. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}
