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
  'yaml-limit': 'YAML that is too deep or too large to read',
  'json-syntax': 'JSON that cannot be parsed',
  'toml-syntax': 'TOML that cannot be parsed',
  'file-unreadable': 'A file or folder that cannot be read',
  'file-unwritable': 'A file or folder that cannot be written',
  // the inventory's files, groups and hosts
  'inventory-format': 'A file that is not a YAML or JSON inventory',
  'inventory-empty': 'An inventory file or folder without content',
  'inventory-structure': 'A group or host entry of the wrong shape',
  'inventory-unknown-key': 'An unknown key in a group',
  'inventory-group-cycle': 'Groups that contain each other',
  'inventory-host-name': 'A name that cannot be a host or group',
  'inventory-host-range': 'A host range that is empty, wrong or too large',
  'inventory-name-conflict': 'A host and a group of the same name',
  'inventory-shadowed-file': 'A variables file that Ansible does not read',
  'inventory-orphan-file': 'A variables file for no host or group',
  'host-pattern': 'A host pattern that is wrong or matches nothing',
  // rendering
  'template-syntax': 'A template that cannot be parsed',
  'template-unknown-name': 'A template that names what it is not given',
  'template-error': 'A template that fails while it prints',
  'template-unknown-override': 'A template file that overrides nothing',
  'output-not-ours': 'A file in the output folder that fabricgen did not write',
  'output-edited': 'A rendered file that was edited by hand',
  'output-symlink': 'A symbolic link where fabricgen would write',
  'output-manifest': 'A manifest that cannot be used',
  'output-name': 'A host or file name that would leave the output folder',
  'output-busy': 'Another run is writing to the output folder',
  // variables
  'unknown-variable': 'A variable of our namespaces that does not exist',
  'unknown-key': 'A key that the mapping does not have',
  'missing-key': 'A key that the mapping needs',
  'wrong-type': 'A value of the wrong type',
  'invalid-value': 'A value that is not allowed',
  'template-expression': 'A template expression in a variable',
  'invalid-address': 'A text that is not an address or network',
  'host-bits': 'A network with host bits',
  'address-family': 'An address of the wrong family',
  'invalid-asn': 'A number that cannot be an AS number',
  // building the model
  'missing-asn': 'A BGP host without an AS number',
  'missing-router-id': 'A BGP host without a router id',
  'daemon-not-rendered': 'A daemon that cannot be rendered',
  'family-not-enabled': 'A session for an address family the host does not have',
  'duplicate-entry': 'The same thing twice in one list',
  'neighbor-target': 'A neighbor entry without exactly one of group, host and address',
  'unknown-host': 'A host that is not in the inventory',
  'unknown-group': 'A group that is not in the inventory',
  'unknown-interface': 'An interface the host does not have',
  'unknown-peer-group': 'A peer group nobody defines',
  'no-shared-segment': 'A neighbor with which no segment is shared',
  'several-segments': 'A neighbor with which several segments are shared',
  'neighbor-without-bgp': 'A neighbor that does not speak BGP',
  'neighbor-without-asn': 'A neighbor whose AS number is not known',
  'neighbor-self': 'A neighbor that is the host itself',
  'duplicate-neighbor': 'The same neighbor twice on one host',
  // reading rendered files
  'target-limit': 'What the daemon of this version cannot express',
  'config-missing': 'A rendered file that is not there',
  'config-misplaced': 'A line in the file of a daemon that does not know it',
  'config-refused': 'A line the daemon would refuse',
  'config-undefined-name': 'A name in a rendered file that nothing defines',
  internal: 'A mistake in fabricgen itself',
} as const;

export type RuleId = keyof typeof ruleTitles;
