import type { ConfigView } from '../speaker/api/types.ts';
import { formatTable } from './table.ts';

/** Identity, neighbors and what is originated, as `speaker --check` says them. */
export function formatSpeakerConfig({ asn, routerId, neighbors, originates }: ConfigView): string {
  const rows = neighbors.map(({ name, remoteAs, session, families }) => [
    name,
    String(remoteAs),
    session,
    families.join(', '),
  ]);
  return [
    `AS ${asn}, router id ${routerId ?? 'the highest address of the host'}\n`,
    rows.length === 0 ? 'no neighbors\n' : formatTable(['NEIGHBOR', 'AS', 'SESSION', 'FAMILIES'], rows),
    originates.length === 0 ? '' : `originates: ${originates.join(', ')}\n`,
  ].join('');
}
