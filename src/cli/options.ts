import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseAsn } from '../base/asn.ts';

/** What every command that reads an inventory takes. */
export interface InventoryOptions {
  readonly inventory: string;
  readonly limit?: string;
  readonly quiet?: boolean;
}

export interface OutputOptions extends InventoryOptions {
  readonly output: string;
}

/** `-i`, `-l` and `-q`, with the same words everywhere. */
export function withInventory(command: Command): Command {
  return command
    .option('-i, --inventory <path>', 'inventory folder, file, or - for JSON on standard input', 'inventory')
    .option('-l, --limit <pattern>', "only these hosts (Ansible's patterns: groups, wildcards, a:&b, a:!b)")
    .option('-q, --quiet', 'print findings and results only');
}

export function withOutput(command: Command): Command {
  return withInventory(command).option('-o, --output <dir>', 'folder of rendered files', 'build');
}

export function formatOption(formats: readonly string[]): Option {
  return new Option('-f, --format <format>', 'how to print the result').choices(formats).default('text');
}

/** AS numbers of an AS_PATH, separated by blanks or commas. */
export function asNumbers(text: string): readonly number[] {
  return text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => {
      const asn = parseAsn(word);
      if (asn === null) throw new InvalidArgumentError(`${word} is not an AS number.`);
      return asn;
    });
}

/** A whole number from `least` to `most` (default: what a number holds), or a usage error. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`a whole number ${range} is needed.`);
    }
    return value;
  };
}

/** Collects an option that may be given several times. */
export function repeatable(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** `-c`, in the place of an inventory; `verb`: what the command does with what stands there. */
export function configsOption(verb: string): Option {
  const words = `${verb} configurations that fabricgen did not write: DIR/topology.yml, DIR/configs/`;
  return new Option('-c, --configs <dir>', words).conflicts('inventory');
}

/** `--fail`, repeatable. */
export function failOption(description: string): Option {
  return new Option('--fail <what>', description).argParser(repeatable).default([], 'none');
}
