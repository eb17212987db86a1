import { expect, it } from 'vitest';
import { fabricgen } from './run.ts';

/** Names below a heading of a help text: `Commands:`, `Arguments:`. */
function namesBelow(heading: string, help: string): readonly string[] {
  const [, section = ''] = help.split(`\n${heading}\n`);
  const [lines = ''] = section.split('\n\n');
  return [...lines.matchAll(/^ {2}(\S.*?)(?: {2}|$)/gm)].map(([, name = '']) => name);
}

async function helpOf(words: readonly string[]): Promise<string> {
  const run = await fabricgen([...words, '--help']);
  expect(run).toMatchObject({ code: 0, err: '' });
  return run.out;
}

/** Every command with its help, those of `lab` and `speaker` too. */
async function allHelp(words: readonly string[] = []): Promise<readonly (readonly [string, string])[]> {
  const help = await helpOf(words);
  const names = namesBelow('Commands:', help).map((line) => line.split(' ')[0] ?? '');
  const below: (readonly [string, string])[] = [];
  for (const name of names) if (name !== 'help') below.push(...(await allHelp([...words, name])));
  return [[words.join(' '), help], ...below];
}

it('every help text fits a terminal, describes every argument and says the exit codes', async () => {
  const texts = await allHelp();
  expect(texts.length).toBeGreaterThan(35);
  for (const [command, help] of texts) {
    const wide = help.split('\n').filter((line) => line.length > 80);
    expect(wide, command).toEqual([]);
    expect(help, command).toContain('\nExit codes: 0 clean');
    const [usage = ''] = help.split('\n');
    const [, section = ''] = /\nArguments:\n([\s\S]*?)\n\n/.exec(help) ?? [];
    expect(section === '', `${command}: described arguments`).toBe(!/[<[](?!options|command\])/.test(usage));
    for (const line of section.split('\n').filter((one) => one !== ''))
      expect(line, command).toMatch(/\S {2,}\S|^ {4}/);
  }
});
