import type { Options, OptionValue, ProtocolDraft } from './draft.ts';

/** Options that are taken over as they are (nest/proto.c `proto_reconfigure`). */
const taken = new Set(['debug', 'mrtdump', 'description', 'disabled', 'router id', 'bfd', 'check link']);
/** What of a channel is not (proto/bgp/bgp.c `bgp_channel_reconfigure`). */
const settled = [
  'secondary',
  'validate',
  'graceful restart',
  'long lived graceful restart',
  'long lived stale time',
  'extended next hop',
  'add paths',
  'import table',
  'export table',
  'igp table ipv4',
  'igp table ipv6',
  'base table',
];
/** What options say where they are not written. */
const byDefault = new Map<string, OptionValue['value']>([
  ['hold time', 240],
  ['connect retry time', 120],
  ['connect delay time', 5],
  ['startup hold time', 240],
  ['error forget time', 300],
  ['graceful restart time', 120],
  ['long lived stale time', 3600],
  ['default bgp_local_pref', 100],
  ['interpret communities', true],
  ['enable route refresh', true],
  ['enable as4', true],
  ['capabilities', true],
  ['advertise hostname', false],
  ['path metric', true],
  ['igp metric', true],
]);

/** BIRD compares old and new configuration octet by octet (proto/bgp/bgp.c `bgp_reconfigure`). */
export function resetBy(draft: ProtocolDraft): string {
  const session = [...draft.options.keys()].filter((name) => !taken.has(name));
  const written = (options: Options, names: readonly string[]) =>
    names.toSorted().flatMap((name) => {
      const value = options.get(name)?.value;
      if (value === undefined || value === (byDefault.get(name) ?? false)) return [];
      return [`${name} ${typeof value === 'object' ? value.text : value}`];
    });
  const channels = [...draft.channels].map(
    ([afi, channel]) => `${afi} ${channel.table ?? ''} ${written(channel.options, settled)}`,
  );
  return [draft.name, ...written(draft.options, session), ...channels.sort()].join('; ');
}
