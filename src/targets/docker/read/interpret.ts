import type { Diagnostic } from '../../../base/diagnostic.ts';
import {
  addressOf,
  contains,
  type InterfaceAddress,
  type IpFamily,
  interfaceAddressOf,
  isBroadcastAddress,
  isNetworkAddress,
  type Prefix,
  parseInterfaceAddress,
  parsePrefix,
} from '../../../base/ip.ts';
import type { Positioned, SourceRange } from '../../../base/source.ts';
import type { DockerConfig } from '../../target.ts';
import { isAtLeast } from '../keys.ts';

type Values = ReadonlyMap<string, Positioned>;

/** What the keys, already of the right kinds, mean for the network; faults are what dockerd stops at when it starts. */
export function interpret(
  values: Values,
  source: SourceRange,
  version: string,
): { readonly docker: DockerConfig | null; readonly diagnostics: readonly Diagnostic[] } {
  const reader = new Reader(values);
  const bridge = reader.text('bridge') || 'docker0';
  const addresses = [...reader.ipv4(), ...reader.ipv6(version)];
  reader.conflicts(version);
  const docker: DockerConfig = {
    bridge,
    // A bridge of the user's has the addresses the user gave it; `none` is no bridge at all.
    addresses: bridge === 'docker0' ? addresses : [],
    masquerade: {
      4: reader.flag('ip-masq', true) && reader.flag('iptables', true),
      // Engine 27 switched ip6tables on by default.
      6: reader.flag('ip-masq', true) && reader.flag('ip6tables', isAtLeast(version, '27')),
    },
    source: values.get('bip')?.source ?? values.get('fixed-cidr-v6')?.source ?? source,
  };
  return { docker: reader.diagnostics.length > 0 ? null : docker, diagnostics: reader.diagnostics };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  text(key: string): string {
    const value = this.#values.get(key)?.value;
    return typeof value === 'string' ? value : '';
  }

  flag(key: string, byDefault: boolean): boolean {
    const value = this.#values.get(key)?.value;
    return typeof value === 'boolean' ? value : byDefault;
  }

  /** bip, else the first address of fixed-cidr, else of the first pool, as dockerd's address manager gives them out. */
  ipv4(): InterfaceAddress[] {
    const bip = this.#bridgeAddress('bip', 4);
    const fixed = this.#prefix('fixed-cidr', 4);
    if (bip && fixed && !contains(bip.network, fixed)) {
      this.#refuse(
        'fixed-cidr',
        `'fixed-cidr' ${fixed.text} lies outside the network of 'bip', ${bip.network.text}`,
      );
    }
    if (bip) return [bip];
    if (this.text('bip') !== '') return [];
    return [firstAddress(fixed ?? this.#firstPool())];
  }

  /** bip6 (engine 28), else the first address of fixed-cidr-v6; none while IPv6 is off. */
  ipv6(version: string): InterfaceAddress[] {
    const bip6 = this.#bridgeAddress('bip6', 6);
    const fixed = this.#prefix('fixed-cidr-v6', 6);
    if (!this.flag('ipv6', false)) return [];
    if (bip6 && fixed && !contains(bip6.network, fixed)) {
      this.#refuse('fixed-cidr-v6', `'fixed-cidr-v6' ${fixed.text} lies outside ${bip6.network.text}`);
    }
    if (bip6) return [bip6];
    if (fixed) return [firstAddress(fixed)];
    if (!isAtLeast(version, '28') && this.text('fixed-cidr-v6') === '') {
      this.#refuse('ipv6', "dockerd does not start with 'ipv6' and without 'fixed-cidr-v6'");
    }
    return [];
  }

  conflicts(version: string): void {
    if (this.text('bridge') !== '' && this.text('bip') !== '') {
      this.#refuse('bridge', "dockerd does not start with both 'bip' and 'bridge'");
    }
    if (!this.flag('icc', true) && !this.flag('iptables', true)) {
      this.#refuse('icc', "dockerd does not start with both 'icc' and 'iptables' off");
    }
    if (!isAtLeast(version, '27') && this.flag('ip6tables', false) && !this.flag('experimental', false)) {
      this.#refuse('ip6tables', `dockerd ${version} takes 'ip6tables' only with 'experimental'`);
    }
  }

  #bridgeAddress(key: string, family: IpFamily): InterfaceAddress | null {
    const text = this.text(key);
    if (text === '') return null;
    const address = text.includes('/') ? parseInterfaceAddress(text) : null;
    if (!address || address.address.family !== family) {
      this.#refuse(key, `'${key}' ${text} is not an IPv${family} address with a mask`);
      return null;
    }
    // dockerd's parser lets these pass; the bridge does not come up with them.
    if (isNetworkAddress(address) || isBroadcastAddress(address)) {
      this.#refuse(key, `'${key}' ${text} is not the address of a host in its network`);
      return null;
    }
    return address;
  }

  #prefix(key: string, family: IpFamily): Prefix | null {
    const text = this.text(key);
    if (text === '') return null;
    const prefix = parsePrefix(text);
    if (prefix?.family === family) return prefix;
    this.#refuse(key, `'${key}' ${text} is not an IPv${family} network`);
    return null;
  }

  /** Without default-address-pools the first is 172.17.0.0/16. */
  #firstPool(): Prefix {
    const fallback = parsePrefix('172.17.0.0/16') as Prefix;
    const pools = this.#values.get('default-address-pools')?.items ?? [];
    for (const pool of pools) {
      const { base, size } = pool.value as { readonly base?: unknown; readonly size?: unknown };
      const prefix = typeof base === 'string' ? parsePrefix(base) : null;
      const length = Number(size);
      if (
        !prefix ||
        !Number.isInteger(length) ||
        length < prefix.length ||
        length > (prefix.family === 4 ? 32 : 128)
      ) {
        this.#refuse(
          'default-address-pools',
          "an entry of 'default-address-pools' is not a network with a size inside it",
        );
      } else if (prefix.family === 4)
        return { ...prefix, length, text: prefix.text.replace(/\/.*/, `/${length}`) };
    }
    return fallback;
  }

  #refuse(key: string, message: string): void {
    this.diagnostics.push({
      rule: 'config-refused',
      severity: 'error',
      message,
      ranges: [this.#values.get(key)?.source].filter((range) => range !== undefined),
      ...(this.text(key) ? { found: this.text(key) } : {}),
      fix: `Correct '${key}'.`,
    });
  }
}

function firstAddress(network: Prefix): InterfaceAddress {
  return interfaceAddressOf(addressOf(network.family, network.value + 1n), network.length);
}
