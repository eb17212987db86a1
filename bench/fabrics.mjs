import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RACK = 40;

/**
 * Writes an inventory of `count` Docker hosts in racks of 40 behind two external ToRs each: eBGP to both, one bip per host.
 * The way a user would write it: what is common stands in groups, a host has its addresses.
 */
export function writeDockerFabric(folder, count) {
  const racks = Math.ceil(count / RACK);
  const lines = [
    'all:',
    '  vars:',
    '    docker_mtu: 1500',
    '    docker_default_address_pools: [{ base: 192.168.128.0/17, size: 24 }]',
    '  children:',
    '    tors:',
    '      vars: { bgp_daemon: external, bgp_neighbors: [{ group: docker_hosts, shared_only: true }] }',
    '      hosts:',
  ];
  for (let rack = 0; rack < racks; rack++) {
    for (const side of [0, 1]) {
      const net = network(rack, side);
      lines.push(
        `        tor${rack}-${side}: { bgp_asn: ${4200000000 + rack}, net_interfaces: { lo: ${loopback(rack, side)}/32, down: ${net}.1/24 } }`,
      );
    }
  }
  lines.push(
    '    docker_hosts:',
    '      vars:',
    '        bgp_daemon: frr',
    '        bgp_frr_layout: integrated',
    '        bgp_maximum_paths: 2',
    '        bgp_timers: { keepalive: 3, hold: 9, connect: 10 }',
    '        bgp_neighbors: [{ group: tors, shared_only: true }]',
    '      hosts:',
  );
  for (let i = 0; i < count; i++) {
    const rack = Math.floor(i / RACK);
    const host = 10 + (i % RACK);
    const links = [0, 1].map((side) => `eth${side}: ${network(rack, side)}.${host}/24`).join(', ');
    lines.push(
      `        host${i}: { bgp_asn: ${4210000000 + i}, net_interfaces: { ${links} }, docker_bip: ${bip(i)} }`,
    );
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'hosts.yml'), `${lines.join('\n')}\n`);
}

const network = (rack, side) => `10.${side * 2 + Math.floor(rack / 256)}.${rack % 256}`;
const loopback = (rack, side) => `10.255.${Math.floor(rack / 128)}.${(rack % 128) * 2 + side}`;
/** A /26 per host out of 100.64.0.0/10: room for 65,536. */
const bip = (i) => `100.${64 + Math.floor(i / 1024)}.${Math.floor(i / 4) % 256}.${(i % 4) * 64 + 1}/26`;
