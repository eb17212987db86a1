import { createTwoFilesPatch } from 'diff';

/** Files of one rendered output by path (`web01/bgpd.conf`). */
export type FileSet = ReadonlyMap<string, string>;

export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Unified diff with three lines of context; secrets are masked. */
  readonly patch: string;
}

/** Every file that differs, by path. Equal files cost one comparison. */
export function compareFiles(before: FileSet, after: FileSet): readonly FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const old = before.get(path);
    const now = after.get(path);
    if (old === now) return [];
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ path, change, patch: patchOf(path, old, now) } as const];
  });
}

function patchOf(path: string, old: string | undefined, now: string | undefined): string {
  const name = (side: string, text: string | undefined) =>
    text === undefined ? '/dev/null' : `${side}/${path}`;
  const patch = createTwoFilesPatch(
    name('a', old),
    name('b', now),
    old ?? '',
    now ?? '',
    undefined,
    undefined,
    {
      context: 3,
    },
  );
  return maskSecrets(patch.replace(/^=+\n/, ''));
}

/** Passwords of sessions and of the vty: that one changed is shown, the words are not. */
const SECRET =
  /^([ +-]\s*(?:neighbor \S+ password|(?:enable )?password|auth-password\s*=)\s+"?)(?:\d\s+)?[^\s"]+/gm;

function maskSecrets(text: string): string {
  return text.replace(SECRET, '$1********');
}
