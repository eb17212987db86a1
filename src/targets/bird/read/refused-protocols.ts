import { isLinkLocal } from '../../../base/ip.ts';
import type { ProtocolDraft } from './draft.ts';
import type { Reading } from './reading.ts';
import { flag, textOf } from './values.ts';

/** What BIRD refuses of the protocols beside what single lines say (`proto_postconfig` of each kind); disabled ones as well. */
export function refuseProtocols(protocols: readonly ProtocolDraft[], reading: Reading): void {
  // Behind another fault it may only be what could not be read.
  if (reading.faulty) return;
  for (const draft of protocols) refuseOne(draft, reading);
  refuseSecond(protocols, reading);
}

function refuseOne(draft: ProtocolDraft, reading: Reading): void {
  const { kind, channels, name, source } = draft;
  const refuse = (what: string, fix: string) => reading.refuse(source, `protocol ${name} ${what}`, fix, name);
  if (kind === 'kernel' || kind === 'static') {
    if (channels.size === 0) refuse('has no channel', "Write 'ipv4;' or 'ipv6;'.");
    if (channels.size > 1) refuse('has two channels', 'Make a protocol for each family.');
  }
  if (kind === 'device' && channels.size > 0) refuse('has no routes', 'Remove the channel.');
  if (kind === 'pipe') {
    const [table, peer] = [channels.get('')?.table ?? null, textOf(draft, 'peer table')];
    if (table === null || peer === null) refuse('joins no two tables', "Write 'table' and 'peer table'.");
  }
  if (kind === 'bgp') refuseSession(draft, refuse);
}

function refuseSession(draft: ProtocolDraft, refuse: (what: string, fix: string) => void): void {
  const address = draft.neighbor?.address ?? null;
  if (address && isLinkLocal(address) && draft.interface === null)
    refuse('has a link-local neighbor and no interface', `Write 'neighbor ${address.text}%NAME'.`);
  if (flag(draft, 'require roles') && textOf(draft, 'local role') === null)
    refuse('requires roles and has none', "Write 'local role NAME'.");
  for (const [afi, channel] of draft.channels) {
    if (/^(?:vpn|flow|roa)/.test(afi) && channel.table === null && !channel.hasDefault)
      refuse(`has no table for ${afi}`, `Write '${afi.split(' ')[0]} table NAME;' above it.`);
    if (!afi.startsWith('flow') && channel.options.has('validate'))
      refuse('validates what is no flow', "Remove 'validate'.");
  }
}

/** Only one protocol may look at devices, and only one bring a table into the kernel. */
function refuseSecond(protocols: readonly ProtocolDraft[], reading: Reading): void {
  const taken = new Set<string>();
  for (const draft of protocols) {
    for (const [key, what] of keysOf(draft)) {
      if (taken.has(key))
        reading.refuse(draft.source, `protocol ${draft.name} ${what}`, 'Remove one of the two.', draft.name);
      taken.add(key);
    }
  }
}

function keysOf(draft: ProtocolDraft): readonly (readonly [key: string, what: string])[] {
  if (draft.kind === 'device') return [['device', 'is the second of its kind']];
  if (draft.kind !== 'kernel') return [];
  return [...draft.channels].map(([afi, { table }]) => [
    `table ${table ?? afi}`,
    'brings a table into the kernel that another does already',
  ]);
}
