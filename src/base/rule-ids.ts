/**
 * The closed list of rule ids. An id is a promise: it is what `fabric_ignore`, SARIF and scripts refer to, so it is
 * never renamed. Each has a page in docs/rules/ID.md, which `fabricgen explain-rule ID` prints.
 * The title is a short noun phrase for lists; the severity of each finding stands in the diagnostic itself.
 */
export const ruleTitles = {
  // reading
  'yaml-syntax': 'YAML that cannot be parsed',
  'yaml-duplicate-key': 'The same key twice in one mapping',
  'yaml-1.1-scalar': 'A scalar that YAML 1.1 reads as something else',
  'json-syntax': 'JSON that cannot be parsed',
  'toml-syntax': 'TOML that cannot be parsed',
  'file-unreadable': 'A file or folder that cannot be read',
  'file-unwritable': 'A file or folder that cannot be written',
  internal: 'A mistake in fabricgen itself',
} as const;

export type RuleId = keyof typeof ruleTitles;
