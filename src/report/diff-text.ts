import type { BehaviourDiff, Change, RouteChange, SessionChange } from '../diff/behaviour.ts';
import { isEmptyDiff } from '../diff/behaviour.ts';
import type { FileChange } from '../diff/text.ts';
import type { RouteView } from '../simulator/result/result.ts';
import { plain, type Style } from './style.ts';

const marks: Readonly<Record<Change, string>> = { appeared: '+', vanished: '-', changed: '~' };

/** File patches first, then what they do to sessions and routes, by prefix. */
export function formatDiff(
  files: readonly FileChange[],
  behaviour: BehaviourDiff,
  style: Style = plain,
): string {
  if (files.length === 0 && isEmptyDiff(behaviour)) return 'No change.\n';
  const parts = [
    files.map((file) => colourPatch(file.patch, style)).join(''),
    formatBehaviour(behaviour, style),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function colourPatch(patch: string, style: Style): string {
  return patch
    .split('\n')
    .map((line) => {
      if (line.startsWith('+++') || line.startsWith('---')) return style.strong(line);
      if (line.startsWith('+')) return style.good(line);
      if (line.startsWith('-')) return style.error(line);
      return line.startsWith('@@') ? style.info(line) : line;
    })
    .join('\n');
}

function outcomeText({ outcome }: BehaviourDiff, style: Style): string {
  if (outcome.before === outcome.after) return '';
  return `\nOutcome: ${outcome.before} before, ${style.strong(outcome.after)} after.\n`;
}

/** What happens to sessions, routes and checks; says so where nothing does. */
export function formatBehaviour(diff: BehaviourDiff, style: Style = plain): string {
  if (isEmptyDiff(diff)) return `Sessions and routes stay as they are.\n${outcomeText(diff, style)}`;
  let out = '';
  if (diff.sessions.length > 0) {
    out += `${style.strong('Sessions')}\n${diff.sessions.map((change) => sessionLine(change, style)).join('')}`;
  }
  if (diff.prefixes.length > 0) {
    out += `${out === '' ? '' : '\n'}${style.strong('Routes')}\n`;
    for (const { prefix, hosts } of diff.prefixes) {
      out += `  ${style.strong(prefix)}\n${hosts.map((change) => routeLines(change, style)).join('')}`;
    }
  }
  return `${out}${outcomeText(diff, style)}\n${summary(diff)}`;
}

function mark(change: Change, style: Style): string {
  const colour = { appeared: style.good, vanished: style.error, changed: style.warning }[change];
  return colour(marks[change]);
}

function sessionLine(session: SessionChange, style: Style): string {
  const peer = session.peerHost ? `${session.peerHost} (${session.peer})` : session.peer;
  const text = [session.before, session.after]
    .filter((view) => view !== null)
    .map((view) => [view.state, view.reason].filter((word) => word !== '').join(': '))
    .join(' -> ');
  return `  ${mark(session.change, style)} ${session.host} to ${peer}: ${text}\n`;
}

function routeLines({ host, change, before, after }: RouteChange, style: Style): string {
  if (before !== null && after !== null) {
    return `    ${mark(change, style)} ${host}: ${differences(before, after)}\n`;
  }
  const view = before ?? after;
  return `    ${mark(change, style)} ${host}: ${view ? describe(view) : ''}\n`;
}

function describe(view: RouteView): string {
  const path = view.asPath === '' ? '' : `, AS path ${view.asPath}`;
  return `via ${view.nextHops.join(', ')}${path}`;
}

/** Only what differs, each as `name old -> new`. */
function differences(before: RouteView, after: RouteView): string {
  const fields: readonly [string, string, string][] = [
    ['next hop', before.nextHops.join(', '), after.nextHops.join(', ')],
    ['AS path', before.asPath, after.asPath],
    ['local preference', String(before.localPref), String(after.localPref)],
    ['MED', String(before.med), String(after.med)],
    ['origin', before.origin, after.origin],
    ['communities', before.communities.join(' '), after.communities.join(' ')],
    ['large communities', before.largeCommunities.join(' '), after.largeCommunities.join(' ')],
    ['kernel', before.fib.join(', '), after.fib.join(', ')],
  ];
  return fields
    .filter(([, old, now]) => old !== now)
    .map(([name, old, now]) => `${name} ${old || 'none'} -> ${now || 'none'}`)
    .join('; ');
}

function summary(diff: BehaviourDiff): string {
  const changes = diff.prefixes.flatMap((prefix) => prefix.hosts);
  const count = (change: Change) => changes.filter((one) => one.change === change).length;
  const routes = `${count('appeared')} routes appear, ${count('vanished')} vanish, ${count('changed')} change`;
  return `${diff.sessions.length} session ends differ; ${routes} (${diff.prefixes.length} prefixes).\n`;
}
