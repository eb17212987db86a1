import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Versions } from './from-fabric.ts';
import { readPlan, writeExtras } from './plan.ts';

/** Copies a folder of foreign configurations to where the lab runs it from; what is not as the folder has it, in words. */
export function copyConfigs(source: string, folder: string, versions: Versions): readonly string[] {
  // Says what is wrong with it before anything is made.
  const { hosts } = readPlan(source);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'lab.json') continue;
    cpSync(join(source, entry.name), join(folder, entry.name), { recursive: true, dereference: true });
  }
  const quagga = hosts.filter(({ daemon }) => daemon === 'quagga');
  if (quagga.length === 0) return [];
  const found = versions.get('frr') ?? '';
  for (const { name, files } of quagga) {
    const whole = [files.get('zebra.conf') ?? '', files.get('bgpd.conf') ?? '']
      .join('!\n')
      .replace(/^end$/gm, '!');
    for (const file of ['zebra.conf', 'bgpd.conf'])
      rmSync(join(folder, 'configs', name, file), { force: true });
    writeFileSync(join(folder, 'configs', name, 'frr.conf'), whole);
  }
  const topology = join(folder, 'topology.yml');
  const text = readFileSync(topology, 'utf8').replace(/daemon:\s*["']?quagga["']?/g, 'daemon: frr');
  writeFileSync(
    topology,
    text.replace(/version:\s*["']?(?:0\.99[^\s"',}]*|1\.[0-9.]+)["']?/g, `version: "${found}"`),
  );
  writeExtras(folder, Object.fromEntries(quagga.map(({ name }) => [name, { restarts: true }])));
  const names = quagga.map(({ name }) => name).join(', ');
  return [
    `${names}: Quagga cannot be had here: its files run on FRR ${found}, and are simulated as FRR reads them`,
  ];
}
