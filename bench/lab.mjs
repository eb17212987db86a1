import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));

/** Real daemons against the simulator: the same fabric, booted and converged on FRR in namespaces, and in memory. Linux, root. */
export function benchLab(sizes) {
  for (const count of sizes.length > 0 ? sizes : [10, 20, 40]) {
    const work = mkdtempSync(join(tmpdir(), 'fabricgen-bench-lab-'));
    try {
      const inventory = join(work, 'mesh');
      writeMesh(inventory, count);
      const words = ['lab', 'run', '-i', inventory, '-o', join(work, 'none'), '--containers', 'namespaces'];
      const ran = spawnSync(process.execPath, [bin, ...words], { encoding: 'utf8' });
      if (ran.status !== 0) throw new Error(`lab run: exit ${ran.status}\n${ran.stderr}${ran.stdout}`);
      console.log(lineOf(count, ran.stdout));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
}

function lineOf(count, out) {
  const number = (pattern) => Number(pattern.exec(out)?.[1]);
  const [up, rest, simulated] = [
    number(/up in ([0-9.]+) s/),
    number(/at rest ([0-9.]+) s later/),
    number(/simulated in ([0-9.]+) s/),
  ];
  const compared = number(/(\d+) entries compared, 0 differ/);
  if (!(compared > 0)) throw new Error(`the tables do not agree:\n${out}`);
  const ratio = (up + rest) / simulated;
  return `lab ${count} hosts: up in ${up.toFixed(1)} s, at rest ${rest.toFixed(1)} s later (last change); simulated in ${simulated.toFixed(3)} s: ${ratio.toFixed(0)} times faster, ${compared} entries of the tables are the same`;
}

/** FRR hosts on one LAN, iBGP each with each, a Docker network each. */
function writeMesh(folder, count) {
  mkdirSync(folder, { recursive: true });
  const hosts = Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    return `        h${String(number).padStart(3, '0')}: { net_interfaces: { eth1: 10.0.0.${number}/24 }, docker_bip: 172.18.${number}.1/24 }\n`;
  });
  writeFileSync(
    join(folder, 'hosts.yml'),
    `all:
  vars:
    bgp_asn: 65500
    bgp_daemon: frr
    bgp_daemon_version: "8.4"
    docker_version: "20.10"
  children:
    docker_hosts:
      vars:
        bgp_neighbors: [{ group: docker_hosts }]
      hosts:
${hosts.join('')}`,
  );
}
