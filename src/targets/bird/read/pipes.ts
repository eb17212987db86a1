import type { PolicyChain } from '../../../bgp/policy/types.ts';
import type { ProtocolDraft } from './draft.ts';
import { rejectAll } from './filters.ts';
import type { Reading } from './reading.ts';
import { textOf } from './values.ts';

const defaultTables: Readonly<Record<string, string>> = { ipv4: 'master4', ipv6: 'master6' };

/**
 * Tables beside the default ones: where one pipe leads from a table to the default one, the protocols of that table count as
 * protocols of the default one, with the policies of the pipe added. What is wired otherwise is said and left out.
 */
export function foldPipes(protocols: readonly ProtocolDraft[], reading: Reading): readonly ProtocolDraft[] {
  const pipes = protocols.filter(({ kind }) => kind === 'pipe').map(pipeOf);
  return protocols
    .filter(({ kind }) => kind !== 'pipe')
    .map((draft) => {
      const channels = new Map(draft.channels);
      for (const [afi, channel] of draft.channels) {
        const home = defaultTables[afi];
        if (channel.table === null || channel.table === home || home === undefined) continue;
        const leading = pipes.filter(({ ends }) => ends.includes(channel.table ?? '') && ends.includes(home));
        const others = pipes.filter(({ ends }) => ends.includes(channel.table ?? '')).length;
        const [pipe] = leading;
        if (!pipe || others > 1 || isShared(protocols, channel.table)) {
          const effect = `routes of table ${channel.table} are not simulated: no single pipe of its own leads to ${home}`;
          reading.note(channel.source, `table ${channel.table}`, effect, true);
          // The session comes up all the same; only what goes through it is not known.
          const nothing = [rejectAll(effect, channel.source)];
          if (draft.kind === 'kernel') channels.delete(afi);
          else channels.set(afi, { ...channel, importPolicy: nothing, exportPolicy: nothing });
          continue;
        }
        const inward = pipe.ends[0] === home ? pipe.fromPeer : pipe.fromTable;
        const outward = pipe.ends[0] === home ? pipe.fromTable : pipe.fromPeer;
        channels.set(afi, {
          ...channel,
          importPolicy: [...(channel.importPolicy ?? []), ...inward],
          exportPolicy: channel.exportPolicy === null ? null : [...outward, ...channel.exportPolicy],
        });
      }
      return { ...draft, channels };
    });
}

interface Pipe {
  /** Its table and the peer table. */
  readonly ends: readonly [string, string];
  /** What passes from the peer table into the table (`import`), and back (`export`). */
  readonly fromPeer: PolicyChain;
  readonly fromTable: PolicyChain;
}

function pipeOf(draft: ProtocolDraft): Pipe {
  const channel = draft.channels.get('');
  return {
    ends: [channel?.table ?? 'master4', textOf(draft, 'peer table') ?? ''],
    fromPeer: channel?.importPolicy ?? [],
    fromTable: channel?.exportPolicy ?? [],
  };
}

/** With two protocols in one table its routes would compete there first. */
function isShared(protocols: readonly ProtocolDraft[], table: string | null): boolean {
  const users = protocols.filter(({ kind, channels }) =>
    kind !== 'pipe' ? [...channels.values()].some((channel) => channel.table === table) : false,
  );
  return users.length > 1;
}
