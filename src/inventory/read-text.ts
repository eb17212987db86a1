import type { Diagnostic } from '../base/diagnostic.ts';
import { parseJson } from '../base/json.ts';
import type { ParsedDocument } from '../base/parsed.ts';
import type { SourceRange } from '../base/source.ts';
import { parseYaml } from '../base/yaml.ts';
import { extensionOf, hasDataExtension } from './sources.ts';

/** Reads a variables or inventory file as Ansible does: JSON where it is JSON, else YAML. */
export function readData(text: string, file: string): ParsedDocument {
  if (text.startsWith('$ANSIBLE_VAULT;')) return { root: null, diagnostics: [vaulted(file)] };
  if (!looksLikeJson(text)) return parseYaml(text, file);
  const json = parseJson(text, file);
  if (json.root) return json;
  const yaml = parseYaml(text, file);
  return yaml.root || extensionOf(file) !== '.json' ? yaml : json;
}

/** YAML in flow style looks so too; then JSON is tried first, as by Ansible. */
export function looksLikeJson(text: string): boolean {
  return /^\ufeff?\s*[[{]/.test(text);
}

/**
 * Says why a file that Ansible would hand to another plugin cannot be used here; null where it may be YAML or JSON.
 * INI and scripts are errors (hosts would be missing), anything else is a warning.
 */
export function foreignFormat(
  path: string,
  file: string,
  text: string,
  executable: boolean,
): Diagnostic | null {
  const data = hasDataExtension(path);
  const place = { file, line: 1, column: 1 };
  if (text.startsWith('#!') || (executable && !(data && extensionOf(path) !== ''))) return script(place);
  if (data && !(extensionOf(path) === '' && looksLikeIni(text))) return null;
  if (extensionOf(path) === '.toml' || looksLikeIni(text))
    return convert(place, extensionOf(path) === '.toml' ? 'a TOML' : 'an INI');
  return {
    rule: 'inventory-format',
    severity: 'warning',
    message: `The file ${file} is neither YAML nor JSON and is passed over`,
    ranges: [place],
    fix: 'Move it out of the inventory folder, or let its name end in .md or .txt so that Ansible ignores it too.',
  };
}

/** Is the first line that says something a section, or a host with `key=value` variables? */
export function looksLikeIni(text: string): boolean {
  for (const line of text.slice(0, 100_000).split('\n', 2000)) {
    const bare = line.trim();
    if (bare === '' || bare.startsWith('#') || bare.startsWith(';')) continue;
    return /^\[[^[\]"',]+\]\s*(?:[#;].*)?$/.test(bare) || /^[^\s:{["'-][^\s:]*(?:\s+\w+=\S+)+/.test(bare);
  }
  return false;
}

function script(place: SourceRange): Diagnostic {
  return {
    rule: 'inventory-format',
    severity: 'error',
    message: `The file ${place.file} is a program (a dynamic inventory), which fabricgen does not run`,
    ranges: [place],
    fix: 'Run "ansible-inventory --list" and give its output with -i FILE.json, or pipe it into "-i -".',
  };
}

function convert(place: SourceRange, kind: string): Diagnostic {
  return {
    rule: 'inventory-format',
    severity: 'error',
    message: `The file ${place.file} is ${kind} inventory, which fabricgen does not read`,
    ranges: [place],
    fix: `Convert it with "ansible-inventory -i ${place.file} --list --yaml --export > hosts.yml" and remove it.`,
  };
}

/** The output of a plugin is needed, not its settings. */
export function pluginSettings(place: SourceRange, plugin: string): Diagnostic {
  return {
    rule: 'inventory-format',
    severity: 'error',
    message: `The file ${place.file} holds settings of the inventory plugin ${plugin}, not an inventory`,
    ranges: [place],
    fix: 'Run "ansible-inventory --list" and give its output with -i FILE.json, or pipe it into "-i -".',
  };
}

function vaulted(file: string): Diagnostic {
  return {
    rule: 'inventory-format',
    severity: 'warning',
    message: `The file ${file} is encrypted with Ansible Vault; its variables are not read`,
    ranges: [{ file, line: 1, column: 1 }],
    fix: 'If fabricgen needs them, give the decrypted output of "ansible-inventory --list" with -i FILE.json or "-i -".',
  };
}

export function emptyFile(file: string): Diagnostic {
  return {
    rule: 'inventory-empty',
    severity: 'warning',
    message: `The file ${file} is empty`,
    ranges: [{ file, line: 1, column: 1 }],
    fix: 'Write the groups and hosts into it, or remove it.',
  };
}
