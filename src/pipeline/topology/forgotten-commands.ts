import type { ConfigFile } from '../../targets/target.ts';
import { COMMANDS } from './configs.ts';
import type { TopologyHost } from './topology.ts';

type Files = ReadonlyMap<string, ConfigFile>;

/** `gobgp policy ...`, `gobgp global policy ...` and `gobgp neighbor X policy ...`; the beginning of a word stands for it. */
const policyCommand = /^\s*gobgp\s+(?:-\S+\s+)*(?:g\w*\s+|n\w*\s+\S+\s+)?p(?:o(?:l(?:i(?:cy?)?)?)?)?\s.*$/gm;

/**
 * The files of a host after an event without the commands that they make forgotten: where gobgpd finds other policies in its file, it takes
 * those in the place of all it has, what commands had made among them (`SetPolicies`). `policiesOf`: what files say of policies.
 */
export function withoutForgotten(
  { daemon }: TopologyHost,
  loaded: Files,
  before: Files,
  policiesOf: (files: Files) => string | undefined,
): Files {
  const [earlier, commands] = [before.get(COMMANDS), loaded.get(COMMANDS)];
  if (daemon !== 'gobgp' || !earlier || !commands) return loaded;
  const left = earlier.text.replace(policyCommand, '');
  if (left === earlier.text || policiesOf(loaded) === policiesOf(before)) return loaded;
  const rest = commands === earlier ? '' : commands.text.slice(earlier.text.length);
  return new Map([...loaded, [COMMANDS, { ...commands, text: `${left}${rest}` }]]);
}
