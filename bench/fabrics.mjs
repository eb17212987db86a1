import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RACK = 40;
const SPINES = 4;

/**
 * Writes an inventory of `count` Docker hosts in racks of 40 behind two external ToRs each, four external spines above:
 * eBGP everywhere, one bip per host.
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
    '    spines:',
    '      vars: { bgp_daemon: external, bgp_asn: 4200000000, bgp_maximum_paths: 64, bgp_neighbors: [{ group: tors }] }',
    '      hosts:',
  ];
  for (let spine = 0; spine < SPINES; spine++) {
    const links = range(racks * 2).map((tor) => `down${tor}: ${link(tor, spine, 0)}`);
    lines.push(
      `        spine${spine}: { net_interfaces: { lo: 10.254.0.${spine}/32, ${links.join(', ')} } }`,
    );
  }
  lines.push(
    '    tors:',
    '      vars:',
    '        bgp_daemon: external',
    '        bgp_maximum_paths: 64',
    '        bgp_bestpath: { as_path_multipath_relax: true }',
    '        bgp_neighbors: [{ group: spines }, { group: docker_hosts, shared_only: true }]',
    '      hosts:',
  );
  for (const tor of range(racks * 2)) {
    const [rack, side] = [Math.floor(tor / 2), tor % 2];
    const links = range(SPINES)
      .map((spine) => `up${spine}: ${link(tor, spine, 1)}`)
      .join(', ');
    const net = `down: ${network(rack, side)}.1/24`;
    lines.push(
      `        tor${tor}: { bgp_asn: ${4200000001 + tor}, net_interfaces: { lo: ${loopback(rack, side)}/32, ${net}, ${links} } }`,
    );
  }
  lines.push(
    '    docker_hosts:',
    '      vars:',
    '        bgp_daemon: frr',
    '        bgp_frr_layout: integrated',
    '        bgp_maximum_paths: 2',
    '        bgp_timers: { keepalive: 3, hold: 9, connect: 10 }',
    "        bgp_as_path_lists: { own: ['permit ^$'] }",
    '        bgp_neighbors: [{ group: tors, shared_only: true, as_path_list_out: own }]',
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

const range = (n) => Array.from({ length: n }, (_, i) => i);
/** A /31 per ToR and spine out of 172.31.0.0/16. */
const link = (tor, spine, end) => {
  const n = (tor * SPINES + spine) * 2 + end;
  return `172.31.${Math.floor(n / 256)}.${n % 256}/31`;
};
const network = (rack, side) => `10.${side * 2 + Math.floor(rack / 256)}.${rack % 256}`;
const loopback = (rack, side) => `10.255.${Math.floor(rack / 128)}.${(rack % 128) * 2 + side}`;
/** A /26 per host out of 100.64.0.0/10: room for 65,536. */
const bip = (i) => `100.${64 + Math.floor(i / 1024)}.${Math.floor(i / 4) % 256}.${(i % 4) * 64 + 1}/26`;
