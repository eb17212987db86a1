import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fabricgen } from './run.ts';
import { filesBelow, fullMesh, useWorkplace } from './workplace.ts';

const { path, write } = useWorkplace();

const TWO = fullMesh(['a', 'b']);

const two = () => write('inv/hosts.yml', TWO);

/** What a mistyped command line costs: the exit code, words on standard error, nothing on standard output or on disk. */
const refusals: readonly (readonly [args: string, words: string])[] = [
  ['rendr', 'Did you mean render?'],
  ['validate --inventroy x', '(run with --help for the options)'],
  ['lab staus', 'Did you mean status?'],
  ['lab up --nmae x', '(run with --help for the options)'],
  ['speaker neighbor', 'Did you mean neighbors?'],
  ['speaker nothing', "unknown command 'nothing'"],
  ['simulate --orders 99999999999999999999', 'a whole number from 1 to 1000 is needed'],
  ['speaker --port 99999', 'a whole number from 1 to 65535 is needed'],
  ['lab run --bound 99999999999', 'a whole number from 1 to 86400 is needed'],
  ['simulate -i inventory -c elsewhere', "cannot be used with option '-i, --inventory <path>'"],
  ['speaker --config frr.conf', 'frr.conf cannot be read: it does not exist'],
  ['speaker --config .', 'cannot be read: it is a folder'],
  ['speaker --config /dev/zero --format frr --check', 'it is too large'],
  ['speaker --replay /dev/null', 'is no recording'],
  ['speaker --host a -i nowhere', 'nowhere: it does not exist'],
  ['speaker --replay nowhere', 'nowhere cannot be read: it does not exist'],
  ['lab rollout nowhere inventory/rr-gobgp', 'there is no nowhere'],
];

for (const [args, words] of refusals) {
  it(`refuses ${args}`, async () => {
    const run = await fabricgen(args.split(' '));
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(words);
    expect(run.err).not.toMatch(/ENOENT|EISDIR|ERR_|\[internal\]/);
  });
}

it('speaker looks for the file before it asks what kind it is', async () => {
  const run = await fabricgen(['speaker', '--config', path('nowhere')]);
  expect(run).toMatchObject({ code: 2, out: '' });
  expect(run.err).toContain('it does not exist');
});

it('a folder of variables is no inventory, and is not read as groups', async () => {
  two();
  const file = write('inv/group_vars/all.yml', 'bgp_asn: 65500\n');
  for (const wrong of [path('inv/group_vars'), file]) {
    const { code, out } = await fabricgen(['validate', '-i', wrong]);
    expect(code).toBe(1);
    expect(out).toContain(`Give the folder above it: -i ${path('inv')}\n`);
  }
});

it('an inventory is no folder of configurations: one sentence says so, with the option that takes it', async () => {
  two();
  const { code, out } = await fabricgen(['simulate', '--configs', path('inv')]);
  expect(code).toBe(2);
  expect(out.match(/error /g)).toHaveLength(1);
  expect(out).toContain(`it is an inventory: give it with -i ${path('inv')}`);
});

describe('simulate', () => {
  it('says which host of --start there is not', async () => {
    const run = await fabricgen(['simulate', '-i', two(), '-q', '--start', 'b,aa']);
    expect(run.code).toBe(1);
    expect(run.out).toContain('--start names aa, which is not a host of the inventory [unknown-host]');
    expect(run.out).toContain('write a');
  });

  it('says what could fail in the words that --fail takes', async () => {
    const run = await fabricgen(['simulate', '-i', two(), '-q', '--fail', 'host:nowhere']);
    expect(run.out).toContain('use one of host:a, host:b');
  });

  it('has tried nothing where more should fail at once than there is', async () => {
    const run = await fabricgen(['simulate', '-i', two(), '-q', '--failures', 'links=2']);
    expect(run.code).toBe(1);
    expect(run.out).toContain('--failures links=2: there is nothing to try, the fabric has 1 link');
  });

  for (const command of ['simulate', 'check', 'explain a 10.0.0.0/24', 'trace a b']) {
    it(`${command}: configurations that are not there are a failure of the tool`, async () => {
      const run = await fabricgen([...command.split(' '), '--configs', path('nowhere')]);
      expect(run.code).toBe(2);
      expect(run.out + run.err).toMatch(/^error .*topology\.yml: it does not exist \[file-unreadable\]/);
    });
  }
});

describe('a place that cannot be written', () => {
  // Under a plain file no folder can be made, whoever asks.
  const below = () => `${write('plain', 'mine')}/x`;

  it.each([
    ['init', () => ['init', below()]],
    ['init of nothing', () => ['init', '']],
    ['render', () => ['render', '-i', two(), '-o', below()]],
    ['check --record', () => ['check', '-i', two(), '--record', below()]],
    ['lab export', () => ['lab', 'export', '--containerlab', '-i', two(), '-o', below()]],
  ])('%s', async (_, args) => {
    const run = await fabricgen(args());
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toMatch(/a part of the path is not a folder|name a folder/);
    expect(run.err).not.toMatch(/ENOTDIR|ENOENT/);
    expect(Object.keys(filesBelow(path('.')))).toEqual(
      Object.keys(filesBelow(path('.'))).filter((name) => name === 'plain' || name === 'inv/hosts.yml'),
    );
  });
});

it('render writes nothing among the sources of the inventory', async () => {
  const run = await fabricgen(['render', '-i', two(), '-o', `${path('inv')}/`]);
  expect(run).toMatchObject({ code: 2, out: '' });
  expect(run.err).toContain('is the inventory, and no folder for rendered files');
  expect(Object.keys(filesBelow(path('.')))).toEqual(['inv/hosts.yml']);
});

describe('init', () => {
  it('takes the name of an example for that example, not for a folder to put another into', async () => {
    const home = process.cwd();
    write('here/.keep', '');
    try {
      process.chdir(path('here'));
      const run = await fabricgen(['init', 'rr-gobgp']);
      expect(run.out).toContain('rr-gobgp: the example rr-gobgp');
    } finally {
      process.chdir(home);
    }
    expect(readFileSync(path('here/rr-gobgp/hosts.yml'), 'utf8')).toContain('rr01');
    expect(existsSync(path('here/rr-gobgp/group_vars'))).toBe(true);
  });
});

describe('a value that YAML 1.1 reads otherwise', () => {
  it('is to be quoted only where quotes would mend it', async () => {
    const asn = (written: string) => write('inv/hosts.yml', TWO.replace('65500', written));
    const answer = await fabricgen(['validate', '-i', asn('yes')]);
    expect(answer.out).toContain('written yes, which Ansible reads as true');
    expect(answer.out).not.toContain('put it in quotes');
    const asdot = await fabricgen(['validate', '-i', asn('1.10')]);
    expect(asdot.out).toContain('put it in quotes: "1.10"');
  });
});
