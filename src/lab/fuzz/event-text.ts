import type { TopologyEvent } from '../../pipeline/topology/events.ts';

type Any = NonNullable<TopologyEvent['change']>;
/** What the events of a topology can be. */
export type Change = Extract<
  Any,
  {
    readonly kind:
      | 'start'
      | 'stop'
      | 'kill'
      | 'link-down'
      | 'link-up'
      | 'interface-down'
      | 'interface-up'
      | 'files';
  }
>;

export interface DrawnEvent {
  readonly change: Change;
  /** Seconds: what it sets off is over by then. */
  readonly delay: number;
  readonly record: string | null;
}

const HEAD = 'events:';

/** The events of a topology.yml, its last part: one line each. */
export function eventsText(events: readonly DrawnEvent[]): string {
  return `${HEAD}\n${events.map(lineOf).join('')}`;
}

function lineOf({ change, delay, record }: DrawnEvent): string {
  return `  - { ${changeText(change)}, delay: ${delay}${record === null ? '' : `, record: ${record}`} }\n`;
}

function changeText(change: Change): string {
  const key = change.kind.replace('-', '_');
  switch (change.kind) {
    case 'files':
      return `files: { host: ${change.host}, from: ${change.from} }`;
    case 'interface-down':
    case 'interface-up':
      return `${key}: { host: ${change.host}, interface: ${change.interface} }`;
    case 'link-down':
    case 'link-up':
      return `${key}: ${change.link}`;
    default:
      return `${key}: [${change.hosts.join(', ')}]`;
  }
}

/** A topology.yml without the events of these places. */
export function withoutEvents(text: string, places: ReadonlySet<number>): string {
  const lines = text.split('\n');
  const first = lines.indexOf(HEAD) + 1;
  return lines.filter((_, at) => first === 0 || !places.has(at - first)).join('\n');
}
