import type { SimulationResult } from '../simulator/result/result.ts';
import type { FailureResult } from '../simulator/what-if/sweep.ts';
import { plain, type Style } from './style.ts';
import { formatTable } from './table.ts';

/** A row for each failure of a sweep: what it does to traffic, and what it loses. Empty without a sweep. */
export function formatFailures({ failures, orders }: SimulationResult, style: Style = plain): string {
  const tried = orders ? `Orders of start tried: ${orders.join('; ')}\n` : '';
  if (!failures) return tried;
  const rows = failures.map((one) => [one.failure, effectText(one, style), lossText(one)]);
  return tried + formatTable(['Failure', 'Effect', 'Lost'], rows, '');
}

function effectText({ effect, moved }: FailureResult, style: Style): string {
  const word = {
    none: style.good('no effect'),
    moved: style.good('other ways'),
    lost: style.error('LOST'),
    unsettled: style.warning('unsettled'),
  }[effect];
  return moved.length > 0 ? `${word}, ${count(moved.length, 'prefix moves', 'prefixes move')}` : word;
}

const SHOWN = 3;

function lossText({ lost, checks }: FailureResult): string {
  const parts = lost
    .slice(0, SHOWN)
    .map(({ prefix, from, count: all }) => `${prefix} from ${names(from, all)}`);
  if (lost.length > SHOWN) parts.push(count(lost.length - SHOWN, 'more prefix', 'more prefixes'));
  parts.push(...checks.map(({ name }) => `check ${name}`));
  return parts.join('; ');
}

function names(hosts: readonly string[], all: number): string {
  const shown = hosts.slice(0, SHOWN).join(', ');
  return all > SHOWN ? `${shown} and ${all - SHOWN} more` : shown;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
