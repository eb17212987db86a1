import { interpret } from '../../../src/cli/speaker/config.ts';
import type { SpeakerConfig } from '../../../src/speaker/config.ts';

/** What a frr.conf comes to for the speaker. */
export function configOf(text: string): SpeakerConfig {
  const { speaker, diagnostics } = interpret({
    name: 'r1',
    target: 'frr',
    version: '8.4',
    files: { 'frr.conf': text },
    shown: { 'frr.conf': 'frr.conf' },
  });
  if (!speaker) throw new Error(JSON.stringify(diagnostics));
  return speaker;
}

/** A frr.conf with what most tests have in common; `family` are lines of IPv4 unicast, `after` stands behind the router. */
export function frrConf(
  asn: number,
  lines: readonly string[],
  family: readonly string[] = [],
  after: readonly string[] = [],
): string {
  return [
    `router bgp ${asn}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp network import-check',
    ...lines.map((line) => ` ${line}`),
    ' address-family ipv4 unicast',
    ...family.map((line) => `  ${line}`),
    ' exit-address-family',
    ...after,
    '',
  ].join('\n');
}

/** A gobgpd.toml: peers that call, with the families of each. */
export function gobgpToml(
  asn: number,
  routerId: string,
  peers: readonly (readonly [string, number, readonly string[]])[],
): SpeakerConfig {
  const text = [
    `[global.config]\nas = ${asn}\nrouter-id = "${routerId}"`,
    ...peers.flatMap(([address, remote, families]) => [
      `[[neighbors]]\n[neighbors.config]\nneighbor-address = "${address}"\npeer-as = ${remote}`,
      '[neighbors.transport.config]\npassive-mode = true',
      ...families.map(
        (name) => `[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\nafi-safi-name = "${name}"`,
      ),
    ]),
    '',
  ].join('\n');
  const { speaker, diagnostics } = interpret({
    name: 'r1',
    target: 'gobgp',
    version: '3.10',
    files: { 'gobgp.toml': text },
    shown: { 'gobgp.toml': 'gobgp.toml' },
  });
  if (!speaker) throw new Error(JSON.stringify(diagnostics));
  return speaker;
}
