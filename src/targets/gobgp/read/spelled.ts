import type { Word } from './words.ts';

/** Subcommands by name; `*`: below a word of the user's own (the address of a neighbor, the name of a statement). */
interface Tree {
  readonly [name: string]: Tree;
}

const leaf: Tree = {};
const both = (...names: readonly string[]): Tree => Object.fromEntries(names.map((name) => [name, leaf]));
const assigned: Tree = { import: both('add', 'del', 'set'), export: both('add', 'del', 'set') };
const parts: Tree = both('condition', 'action');
const set: Tree = both('add', 'del');

/** cmd/gobgp: root.go, global.go, neighbor.go, policy.go; what is below the others changes nothing that is simulated. */
export const commandTree: Tree = {
  global: { rib: { add: leaf, del: both('all'), summary: leaf }, policy: assigned, del: both('all') },
  neighbor: {
    ...both('add', 'del', 'update'),
    '*': {
      ...both('local', 'adj-in', 'adj-out', 'accepted', 'rejected'),
      ...both('reset', 'softreset', 'softresetin', 'softresetout', 'shutdown', 'enable', 'disable'),
      policy: assigned,
    },
  },
  policy: {
    ...both('add', 'del'),
    ...Object.fromEntries(
      ['prefix', 'neighbor', 'as-path', 'community', 'ext-community', 'large-community'].map((kind) => [
        kind,
        set,
      ]),
    ),
    statement: { ...both('add', 'del'), '*': { add: parts, del: parts } },
  },
  ...both('vrf', 'monitor', 'mrt', 'rpki', 'bmp', 'log-level', 'completion', 'help'),
};

/** The words with subcommands written in full: the beginning of a name stands for it where no other begins so (cobra's prefix matching). */
export function spelledOut(found: readonly Word[]): readonly Word[] {
  let tree: Tree | undefined = commandTree;
  return found.map((word) => {
    if (!tree) return word;
    const name = fullName(tree, word.text);
    const below: Tree | undefined = tree[name ?? '*'];
    tree = below;
    return name === null || name === word.text ? word : { ...word, text: name };
  });
}

function fullName(tree: Tree, text: string): string | null {
  if (Object.hasOwn(tree, text)) return text;
  const names = Object.keys(tree).filter((name) => name !== '*' && name.startsWith(text));
  return names.length === 1 ? (names[0] ?? null) : null;
}
