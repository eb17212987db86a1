import type { PeerConfig } from '../../bgp/peer-config.ts';

const BGP_PORTS: readonly number[] = [179];

type Called = Pick<PeerConfig, 'address' | 'port'>;

/** Whoever names its ports listens on them at its own address of the session only. */
export function listens(accepting: PeerConfig, called: Called): boolean {
  return notListening(accepting, called) === null;
}

/** Why a call to an address and port reaches nobody, as a clause about the other end; null: it is taken. */
export function notListening(
  { listenPorts, callsToOwnOnly = false, updateSource }: PeerConfig,
  { address, port }: Called,
): string | null {
  if (!(listenPorts ?? BGP_PORTS).includes(port)) return `does not listen on port ${port}`;
  if (listenPorts === undefined && !callsToOwnOnly) return null;
  const own = updateSource && 'text' in updateSource ? updateSource.text : address?.text;
  return own === address?.text ? null : `takes calls to ${own} only, not to ${address?.text}`;
}
