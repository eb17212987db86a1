import type { PeerConfig } from '../../../src/bgp/peer-config.ts';
import type { PeerFamilyConfig } from '../../../src/bgp/peer-family-config.ts';
import { readBird } from '../../../src/targets/bird/read/read.ts';
import type { ReadResult } from '../../../src/targets/target.ts';

/** Reads bird.conf, and what stands beside it. */
export function read(text: string, others: Readonly<Record<string, string>> = {}): ReadResult {
  const files = Object.entries({ 'bird.conf': text, ...others }).map(
    ([name, content]) => [name, { path: name, text: content }] as const,
  );
  return readBird(new Map(files), { host: 'r1', version: '2' });
}

/** `line:column message` of everything that is said. */
export function said({ diagnostics, lines }: ReadResult): readonly string[] {
  return [
    ...diagnostics.map(({ ranges, message }) => `${ranges[0]?.line}:${ranges[0]?.column} ${message}`),
    ...lines.map(({ source, effect }) => `${source.line}:${source.column} ${effect}`),
  ];
}

/** The one session of a router, in a configuration without faults. */
export function session(options: string, channel = 'import all; export all;'): PeerConfig {
  const result = read(`protocol bgp p1 { ${options} ipv4 { ${channel} }; }`);
  const peer = result.router?.bgp?.peers[0];
  if (!peer) throw new Error(said(result).join('\n'));
  return peer;
}

export function channelOf(options: string, channel: string): PeerFamilyConfig {
  const family = session(options, channel).families['ipv4-unicast'];
  if (!family) throw new Error('no IPv4 channel');
  return family;
}
