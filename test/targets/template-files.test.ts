import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gobgpTarget } from '../../src/targets/gobgp/index.ts';
import { targetNamed, targets } from '../../src/targets/registry.ts';
import { renderHost } from '../../src/targets/render.ts';
import { loadTemplates } from '../../src/targets/template-files.ts';
import { reflector } from './gobgp/fixture.ts';
import { fabric } from './sample.ts';

let inventory: string;

beforeEach(() => {
  inventory = mkdtempSync(join(tmpdir(), 'fabricgen-templates-'));
});
afterEach(() => rmSync(inventory, { recursive: true, force: true }));

function override(name: string, text: string): string {
  const path = join(inventory, 'templates', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('templates', () => {
  it('are there for every file that a target renders from one', () => {
    const { templates, diagnostics } = loadTemplates(null);
    expect(diagnostics).toEqual([]);
    expect([...templates.keys()]).toEqual(
      expect.arrayContaining(['gobgp/gobgp.toml.hbs', 'gobgp/peer.hbs', 'frr/frr.conf.hbs']),
    );
    expect(templates.get('gobgp/peer.hbs')?.path).toBe('templates/gobgp/peer.hbs');
  });

  it.each(['folder', 'file'])('are overridden by name from the inventory, given as a %s', (kind) => {
    override('gobgp/peer.hbs', '  # mine\n');
    writeFileSync(join(inventory, 'hosts.yml'), '');
    const given = kind === 'file' ? join(inventory, 'hosts.yml') : inventory;
    const { files } = renderHost(reflector, fabric(reflector), loadTemplates(given).templates, [gobgpTarget]);
    expect(files[0]?.text).toContain('[[neighbors]]\n  # mine\n');
    expect(files[0]?.text).not.toContain('neighbor-address');
  });

  it('say the place in the override that fails', () => {
    const path = override('gobgp/gobgp-cli.txt.hbs', 'ok\n{{#each announcements}}{{prefx}}{{/each}}\n');
    const { diagnostics } = renderHost(reflector, fabric(reflector), loadTemplates(inventory).templates, [
      gobgpTarget,
    ]);
    expect(diagnostics).toMatchObject([
      { rule: 'template-unknown-name', nearest: 'prefix', ranges: [{ file: path, line: 2, column: 26 }] },
    ]);
  });

  it('that override nothing are errors; other files in the folder are not ours', () => {
    const path = override('gobgp/gobgp.tml.hbs', '');
    override('gobgp/notes.txt', '');
    override('README.hbs', '');
    override('nginx/site.j2', '');
    expect(loadTemplates(inventory).diagnostics).toMatchObject([
      {
        rule: 'template-unknown-override',
        found: 'gobgp/gobgp.tml.hbs',
        nearest: 'gobgp/gobgp.toml.hbs',
        ranges: [{ file: path }],
      },
    ]);
  });

  it('that are folders are errors too', () => {
    mkdirSync(join(inventory, 'templates/gobgp/peer.hbs'), { recursive: true });
    expect(loadTemplates(inventory).diagnostics).toMatchObject([{ rule: 'file-unreadable' }]);
  });
});

describe('the registry', () => {
  it('finds every target by its name', () => {
    expect(targets.map(({ name }) => name).sort()).toEqual([
      'bird',
      'docker',
      'exabgp',
      'frr',
      'gobgp',
      'quagga',
    ]);
    for (const target of targets) expect(targetNamed(target.name)).toBe(target);
    expect(targetNamed('ios')).toBeNull();
  });
});
