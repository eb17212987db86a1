import { Type } from '@sinclair/typebox';
import { addressWithLength, count, flag, prefix, version } from './scalars.ts';

export const dockerVars = {
  docker_bip: Type.Optional(
    addressWithLength(
      'Address of docker0 with the length of its network; announced over BGP.',
      '172.18.1.1/24',
    ),
  ),
  docker_bip6: Type.Optional(
    addressWithLength('IPv6 address of docker0 (engine 28 and later).', '2001:db8:1::1/64'),
  ),
  docker_fixed_cidr: Type.Optional(
    prefix('Part of the bip network that containers get addresses from.', '172.18.1.128/25'),
  ),
  docker_fixed_cidr_v6: Type.Optional(
    prefix('IPv6 network that containers get addresses from.', '2001:db8:1::/64'),
  ),
  docker_ip_masq: Type.Optional(flag('Hide containers behind the address of the host.', false)),
  docker_ip_forward: Type.Optional(flag('Let Docker switch forwarding on.', true)),
  docker_iptables: Type.Optional(flag('Let Docker write iptables rules.')),
  docker_ip6tables: Type.Optional(flag('Let Docker write ip6tables rules.')),
  docker_ipv6: Type.Optional(flag('IPv6 on docker0; true where bip6 or fixed_cidr_v6 is given.')),
  docker_mtu: Type.Optional(count('MTU of docker0.', 68, 65535)),
  docker_live_restore: Type.Optional(flag('Keep containers running while dockerd restarts.')),
  docker_default_address_pools: Type.Optional(
    Type.Array(
      Type.Object(
        {
          base: prefix('The pool.', '10.200.0.0/16'),
          size: count('Length of each network cut from it.', 1, 128),
        },
        { title: 'a mapping with base and size', additionalProperties: false },
      ),
      {
        title: 'a list of pools',
        description: 'Where Docker cuts user networks from.',
        examples: [[{ base: '10.200.0.0/16', size: 24 }]],
      },
    ),
  ),
  docker_version: Type.Optional(version('Docker engine: decides which keys may be written.', '20.10')),
  docker_options: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      title: 'a mapping of daemon.json keys',
      description: 'Further keys of daemon.json, checked against those the engine knows.',
      examples: [{ 'log-driver': 'journald' }],
    }),
  ),
};
