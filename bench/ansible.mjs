import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDockerFabric } from './fabrics.mjs';
import { measureCommand, measureNode, seconds, times } from './measure.mjs';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));
const HOSTS = 100;

/** What users do today: ansible-playbook with two templates per host, here on local connections without gathering facts. */
export function benchAnsible() {
  if (spawnSync('ansible-playbook', ['--version']).status !== 0) {
    console.log('ansible: skipped, ansible-playbook is not installed (scripts/install-daemons)');
    return;
  }
  const work = mkdtempSync(join(process.cwd(), '.bench-'));
  try {
    const inventory = join(work, 'inventory');
    writeDockerFabric(inventory, HOSTS);
    const playbook = writePlaybook(work);
    const ansible = measureCommand('ansible-playbook', ['-i', inventory, playbook], { cwd: work });
    const ours = measureNode([bin, 'render', '-i', inventory, '-o', join(work, 'build'), '--quiet']);
    console.log(
      `ansible-playbook, ${HOSTS} hosts, 2 templates each: ${seconds(ansible.wall)}; fabricgen render, all files: ` +
        `${seconds(ours.wall)}: ${times(ansible.wall / ours.wall)} faster`,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function writePlaybook(work) {
  mkdirSync(join(work, 'templates'));
  writeFileSync(
    join(work, 'templates', 'bgpd.conf.j2'),
    'hostname {{ inventory_hostname }}\nrouter bgp {{ bgp_asn }}\n{% for tor in groups.tors %}{% if loop.index < 3 %} neighbor {{ hostvars[tor].net_interfaces.down.split("/")[0] }} remote-as {{ hostvars[tor].bgp_asn }}\n{% endif %}{% endfor %} network {{ docker_bip }}\n',
  );
  writeFileSync(
    join(work, 'templates', 'daemon.json.j2'),
    '{ "bip": "{{ docker_bip }}", "mtu": {{ docker_mtu }} }\n',
  );
  const playbook = join(work, 'site.yml');
  writeFileSync(
    playbook,
    `- hosts: docker_hosts
  connection: local
  gather_facts: false
  tasks:
    - file: { path: "${work}/out/{{ inventory_hostname }}", state: directory }
    - template: { src: bgpd.conf.j2, dest: "${work}/out/{{ inventory_hostname }}/bgpd.conf" }
    - template: { src: daemon.json.j2, dest: "${work}/out/{{ inventory_hostname }}/daemon.json" }
`,
  );
  return playbook;
}
