import type { Diagnostic } from '../../../base/diagnostic.ts';
import { contains } from '../../../base/ip.ts';
import { nearestName } from '../../../base/nearest.ts';
import { keySourceAt, type SourceRange } from '../../../base/source.ts';
import type { Docker, Host } from '../../../model/fabric.ts';
import { dockerKeys, flagNames, isAtLeast, kindFault, knowsKey } from '../keys.ts';

/** Free keys that have a variable of their own, so that nothing is said twice. */
const ownVariables: Readonly<Record<string, string>> = {
  bip: 'docker_bip',
  bip6: 'docker_bip6',
  'fixed-cidr': 'docker_fixed_cidr',
  'fixed-cidr-v6': 'docker_fixed_cidr_v6',
  ipv6: 'docker_ipv6',
  'ip-masq': 'docker_ip_masq',
  'ip-forward': 'docker_ip_forward',
  iptables: 'docker_iptables',
  ip6tables: 'docker_ip6tables',
  mtu: 'docker_mtu',
  'default-address-pools': 'docker_default_address_pools',
  'live-restore': 'docker_live_restore',
};

type Finding = Pick<Diagnostic, 'rule' | 'severity' | 'message' | 'fix'> & Partial<Diagnostic>;

/** What dockerd of the host's version would refuse or do otherwise than the inventory says. */
export function limits(host: Host): readonly Diagnostic[] {
  const { docker } = host;
  if (!docker) return [];
  const findings = [
    ...versionFindings(docker),
    ...Object.entries(docker.options).flatMap(([key, value]) => optionFindings(host, docker, key, value)),
    ...combinationFindings(docker),
  ];
  return findings.map((finding) => ({
    ranges: [docker.source],
    host: host.name,
    ...finding,
    message: `${host.name}: ${finding.message}`,
  }));
}

function versionFindings(docker: Docker): Finding[] {
  const { version } = docker;
  if (!isAtLeast(version, '20.10')) {
    const message = `Docker ${version} is older than 20.10, the oldest whose keys are known`;
    return [
      { rule: 'target-limit', severity: 'error', message, fix: 'Set docker_version to 20.10 or later.' },
    ];
  }
  if (!docker.bip6 || isAtLeast(version, '28')) return [];
  return [
    {
      rule: 'target-limit',
      severity: 'error',
      message: `Docker ${version} has no 'bip6'; engine 28.0 was the first`,
      fix: 'Use docker_fixed_cidr_v6, whose first address goes to docker0, or raise docker_version.',
    },
  ];
}

function optionFindings(host: Host, docker: Docker, key: string, value: unknown): Finding[] {
  const ranges = [placeOf(host, docker, key)];
  const own = Object.hasOwn(ownVariables, key) ? ownVariables[key] : undefined;
  if (own) {
    const message = `docker_options sets '${key}', which has a variable of its own`;
    return [{ rule: 'invalid-value', severity: 'error', message, ranges, found: key, fix: `Use ${own}.` }];
  }
  if (!knowsKey(docker.version, key)) return [unknownKey(docker.version, key, ranges)];
  const expected = kindFault(key, value);
  if (!expected) return [];
  const message = `docker_options: '${key}' must be ${expected}`;
  const found = JSON.stringify(value);
  return [
    { rule: 'wrong-type', severity: 'error', message, ranges, found, expected, fix: `Give ${expected}.` },
  ];
}

function unknownKey(version: string, key: string, ranges: readonly SourceRange[]): Finding {
  const fact = Object.hasOwn(dockerKeys, key) ? dockerKeys[key] : undefined;
  if (fact) {
    const when = isAtLeast(version, fact.since)
      ? `refuses it since ${fact.until}`
      : `knows it since ${fact.since}`;
    return {
      rule: 'target-limit',
      severity: 'error',
      message: `Docker ${version} does not know '${key}'; the engine ${when}`,
      ranges,
      found: key,
      fix: 'Remove the key, or set docker_version to the version that runs.',
    };
  }
  const known = Object.keys(dockerKeys).filter((name) => knowsKey(version, name));
  const near = (Object.hasOwn(flagNames, key) ? flagNames[key] : null) ?? nearestName(key, known);
  return {
    rule: 'unknown-key',
    severity: 'error',
    message: `Docker ${version} has no key '${key}' in daemon.json`,
    ranges,
    found: key,
    ...(near ? { nearest: near } : {}),
    fix: near ? `Write '${near}'.` : 'Remove the key.',
  };
}

/** The key in the inventory, where docker_options can still be found. */
function placeOf(host: Host, docker: Docker, key: string): SourceRange {
  const options = host.vars.get('docker_options');
  return options ? keySourceAt(options, [key]) : docker.source;
}

function combinationFindings(docker: Docker): Finding[] {
  const { options, version } = docker;
  const conflicts: readonly (readonly [boolean, string, string])[] = [
    [
      docker.bip !== null && typeof options['bridge'] === 'string' && options['bridge'] !== '',
      "'bip' and 'bridge' exclude each other, and dockerd does not start with both",
      'Remove one of docker_bip and docker_options.bridge.',
    ],
    [
      options['icc'] === false && docker.iptables === false,
      "'icc: false' needs iptables, and dockerd does not start with both off",
      'Set docker_iptables: true or icc: true.',
    ],
    [
      docker.ip6tables === true && options['experimental'] !== true && !isAtLeast(version, '27'),
      `Docker ${version} takes 'ip6tables: true' only with experimental features, and does not start otherwise`,
      'Set docker_options.experimental: true, or leave docker_ip6tables out.',
    ],
    [
      docker.ipv6 === true && docker.fixedCidrV6 === null && !isAtLeast(version, '28'),
      `Docker ${version} needs 'fixed-cidr-v6' where IPv6 is on for docker0, and does not start otherwise`,
      'Set docker_fixed_cidr_v6.',
    ],
  ];
  const refused = conflicts.flatMap(([holds, message, fix]): Finding[] =>
    holds ? [{ rule: 'target-limit', severity: 'error', message, fix }] : [],
  );
  return [...refused, ...containmentFindings(docker), ...directRoutingFindings(docker)];
}

function containmentFindings({ bip, bip6, fixedCidr, fixedCidrV6 }: Docker): Finding[] {
  const pairs = [
    [bip, fixedCidr, 'fixed-cidr', 'bip'],
    [bip6, fixedCidrV6, 'fixed-cidr-v6', 'bip6'],
  ] as const;
  return pairs.flatMap(([outer, inner, innerName, outerName]): Finding[] =>
    outer && inner && !contains(outer.network, inner)
      ? [
          {
            rule: 'invalid-value',
            severity: 'error',
            message: `the '${innerName}' ${inner.text} does not lie inside the network of '${outerName}', ${outer.network.text}`,
            found: inner.text,
            fix: `Choose a part of ${outer.network.text}.`,
          },
        ]
      : [],
  );
}

/** Engine 28 drops, in the raw table, packets sent straight to a container's address from another interface. */
function directRoutingFindings(docker: Docker): Finding[] {
  const routed = (docker.bip !== null || docker.bip6 !== null) && !docker.ipMasq;
  if (!routed || docker.iptables === false || !isAtLeast(docker.version, '28')) return [];
  if (docker.options['allow-direct-routing'] === true) return [];
  const hasKey = isAtLeast(docker.version, '28.2');
  return [
    {
      rule: 'docker-direct-routing',
      severity: 'warning',
      message: `Docker ${docker.version} drops what other hosts send straight to a container's address`,
      fix: hasKey
        ? 'Set docker_options.allow-direct-routing: true.'
        : 'Use engine 28.2 or later with docker_options.allow-direct-routing: true.',
    },
  ];
}
