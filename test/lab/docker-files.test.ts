import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { tryRun } from '../../src/lab/shell.ts';
import { dockerTarget } from '../../src/targets/docker/index.ts';
import { dockerKeys, flagNames, knowsKey } from '../../src/targets/docker/keys.ts';
import { docker, fabric, host } from '../targets/sample.ts';
import { describeLab } from './support/requirements.ts';

const REFUSAL = /the following directives don't match any configuration option: (.*)/;

/**
 * dockerd 20.10 cannot only look at a file. It stops while it parses where a key is unknown, so each file carries one more key that
 * no engine knows: what it says then shows how far it got, and nothing is ever started.
 */
describeLab('daemon.json past the parser of dockerd', { root: true, programs: ['dockerd'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabricgen-dockerd-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const version = /version (\d+\.\d+)/.exec(tryRun('dockerd', ['--version']).stdout)?.[1] ?? '';

  /** The keys dockerd refuses, or what else it says of the file. */
  function judge(text: string): string[] {
    const file = join(folder, 'daemon.json');
    writeFileSync(file, text);
    // Some refusals come after the first folders are made: none of them may be the machine's own.
    const own = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
    const pid = ['--pidfile', join(folder, 'pid')];
    // dockerd mounts its data-root onto itself: in a mount namespace of its own that ends with it.
    const { code, stdout, stderr } = tryRun('unshare', [
      '--mount',
      'dockerd',
      '--config-file',
      file,
      ...own,
      ...pid,
    ]);
    expect(code).not.toBe(0);
    const refused = REFUSAL.exec(stdout + stderr)?.[1];
    return refused ? refused.split(', ').sort() : [stdout + stderr];
  }

  const marked = (value: object): string => JSON.stringify({ ...value, 'fabricgen-marker': 1 });

  it('takes what is rendered', () => {
    const web = host('web01', {
      docker: docker({ version, options: { 'log-driver': 'json-file', dns: ['10.0.0.53'] } }),
    });
    const [plan] = dockerTarget.files(web, fabric(web));
    expect(judge(marked(JSON.parse(String(plan?.context))))).toEqual(['fabricgen-marker']);
  });

  it('knows exactly the keys our table gives its version', () => {
    const every = Object.fromEntries(Object.keys({ ...dockerKeys, ...flagNames }).map((key) => [key, null]));
    const unknown = Object.keys(dockerKeys).filter((key) => !knowsKey(version, key));
    expect(judge(marked(every))).toEqual([...unknown, 'fabricgen-marker'].sort());
  });

  it('refuses what our reader refuses, so the judge can say no', () => {
    expect(judge('{"bipp": "172.18.1.1/24"}')).toEqual(['bipp']);
    expect(judge('{"bip": "172.18.1.1/24", "bridge": "br0"}')[0]).toContain('mutually exclusive');
    expect(judge('{"mtu": "1500"}')[0]).toContain('cannot unmarshal string');
    expect(judge('{"icc": false, "iptables": false}')[0]).toContain('ICC=false uses iptables');
  });
});
