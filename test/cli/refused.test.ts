import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fabricgen } from './run.ts';
import { fullMesh, useWorkplace } from './workplace.ts';

const { path, write } = useWorkplace();

const TWO = fullMesh(['a', 'b']);

const two = () => ['-i', write('inv/hosts.yml', TWO), '-o', path('out')];

/** The shipped template with a keyword that FRR does not know; no route changes by it. */
function breakTemplate(): void {
  const shipped = readFileSync(new URL('../../templates/frr/frr.conf.hbs', import.meta.url), 'utf8');
  expect(shipped).toContain('bgp router-id');
  write('inv/templates/frr/frr.conf.hbs', shipped.replace('bgp router-id', 'bgp routerid'));
}

it('render writes nothing that the daemon would refuse', async () => {
  const args = two();
  breakTemplate();
  const run = await fabricgen(['render', ...args]);
  expect(run).toMatchObject({ code: 1, out: '' });
  expect(run.err).toMatch(/a\/frr\.conf:\d+:\d+ error .*\[config-unrecognised\]/);
  expect(existsSync(path('out'))).toBe(false);
  const forced = await fabricgen(['render', ...args, '--force']);
  expect(forced.code).toBe(0);
  expect(forced.err).toContain(
    'warning a: the daemon would refuse this line: it cannot go on with `routerid`',
  );
  expect(readFileSync(`${path('out')}/a/frr.conf`, 'utf8')).toContain('bgp routerid');
});

it('diff fails where what a render would write fails and what stands there does not', async () => {
  const args = two();
  await fabricgen(['render', ...args]);
  breakTemplate();
  for (const format of ['text', 'json', 'markdown']) {
    const run = await fabricgen(['diff', ...args, '--exit-code', '--format', format]);
    expect(run.code, format).toBe(1);
    expect(run.out).toContain('routerid');
    expect(run.err).toMatch(/a\/frr\.conf:\d+:\d+ error .*\[config-unrecognised\]/);
  }
});

it('simulate, check and explain print a document where the inventory has errors', async () => {
  const inventory = write('inv/hosts.yml', TWO.replace(/docker_bip: [\d./]+/g, 'docker_bip: 172.18.1.1/24'));
  for (const command of [['simulate'], ['check'], ['explain', 'a', '172.18.1.0/24']]) {
    const json = await fabricgen([...command, '-i', inventory, '--format', 'json']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ version: 1, outcome: 'fail', hosts: {} });
    expect(JSON.parse(json.out).findings).toMatchObject([{ rule: 'duplicate-bip', severity: 'error' }]);
    expect(json.err).toContain('[duplicate-bip]');
  }
  const of = (format: string) => fabricgen(['simulate', '-i', inventory, '--format', format]);
  expect(JSON.parse((await of('sarif')).out).runs[0].results).toMatchObject([{ ruleId: 'duplicate-bip' }]);
  expect((await of('junit')).out).toContain('duplicate-bip');
  expect((await of('github')).out).toContain('::error file=');
  expect((await of('text')).out).toBe('');
});

it('validate finds a template that overrides nothing', async () => {
  const args = two().slice(0, 2);
  write('inv/templates/frr/frrr.conf.hbs', 'x');
  const run = await fabricgen(['validate', '-i', path('inv')]);
  expect(args).toHaveLength(2);
  expect(run.code).toBe(1);
  expect(run.out).toContain('[template-unknown-override]');
});

it('every command refuses a --limit that matches nothing', async () => {
  for (const command of ['validate', 'inventory', 'render', 'simulate', 'diff']) {
    const args = command === 'validate' || command === 'inventory' ? two().slice(0, 2) : two();
    const run = await fabricgen([command, ...args, '--limit', 'c']);
    expect(run.code, command).toBe(1);
    expect(run.out + run.err).toContain('[host-pattern]');
  }
});

it('what cannot be read or written is a failure of the tool, not a finding', async () => {
  for (const command of ['validate', 'inventory', 'render', 'simulate', 'diff']) {
    const run = await fabricgen([command, '-i', path('nowhere')]);
    expect(run.code, command).toBe(2);
    expect(run.out + run.err).toContain('[file-unreadable]');
  }
  const args = two().slice(0, 2);
  const run = await fabricgen(['render', ...args, '-o', write('file', 'mine')]);
  expect(run.code).toBe(2);
});

it('counts one host as one', async () => {
  const file = write('inv/hosts.yml', 'all: { hosts: { a: { docker_bip: 172.18.1.1/24 } } }\n');
  const run = await fabricgen(['validate', '-i', file]);
  expect(run.out).toMatch(/^1 host, 0 sessions: /);
});
