import { Type } from '@sinclair/typebox';
import { address, addressWithLength, count, flag, nameOf, oneOrMore, prefix, text } from './scalars.ts';

const interfaceAddresses = oneOrMore(
  addressWithLength('Address with its length.', '10.0.0.1/24'),
  'an address with its length like 10.0.0.1/24, or a list of them',
  'Addresses, the primary one first.',
);

const interfaceValue = Type.Union(
  [
    addressWithLength('Address with its length.', '10.0.0.1/24'),
    Type.Array(addressWithLength('Address with its length.', '10.0.0.1/24')),
    Type.Object(
      {
        addresses: Type.Optional(interfaceAddresses),
        segment: Type.Optional(
          nameOf(
            'Name of the broadcast domain; by default interfaces with the same network share one.',
            'rack1',
          ),
        ),
        mtu: Type.Optional(count('MTU in bytes.', 68, 65535)),
        description: Type.Optional(text('What is connected.', 'to tor1 port 7')),
      },
      { additionalProperties: false },
    ),
  ],
  {
    title:
      'an address like 10.0.0.1/24, a list of them, or a mapping with addresses, segment, mtu and description',
    examples: ['10.0.0.1/24', ['10.0.0.1/24', '2001:db8::1/64']],
  },
);

export const netVars = {
  net_interfaces: Type.Optional(
    Type.Record(Type.String(), interfaceValue, {
      title: 'a mapping from interface to addresses',
      description: 'Interfaces of the host. `lo` is the loopback.',
      examples: [{ lo: '192.0.2.1/32', eth1: '10.0.0.1/24' }],
    }),
  ),
  net_routes: Type.Optional(
    Type.Array(
      Type.Object(
        {
          prefix: prefix('Destination.'),
          via: Type.Optional(address('Next hop.', '10.0.0.254')),
          interface: Type.Optional(nameOf('Outgoing interface.', 'eth1')),
          blackhole: Type.Optional(flag('Discard what goes there.', false)),
          distance: Type.Optional(count('Administrative distance.', 1, 255)),
          tag: Type.Optional(count('Tag that route-maps can match.', 1, 4294967295)),
        },
        {
          title: 'a mapping with prefix and one of via, interface and blackhole',
          additionalProperties: false,
        },
      ),
      {
        title: 'a list of routes',
        description: 'Static routes, written to zebra or staticd.',
        examples: [[{ prefix: '192.0.2.0/24', via: '10.0.0.254' }]],
      },
    ),
  ),
  net_sysctls: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Union([Type.Integer(), Type.String(), Type.Boolean()], { title: 'a number or a text' }),
      {
        title: 'a mapping from name to value',
        description: 'Kernel settings beside forwarding and multipath hashing, which are set anyway.',
        examples: [{ 'net.ipv4.conf.all.rp_filter': 2 }],
      },
    ),
  ),
};
