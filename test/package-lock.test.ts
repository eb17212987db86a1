import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

// `npm ci` compares the lock with the tree it would build itself and refuses to install anything when an entry is missing.
// An `npm install` may drop the packages of other platforms without a word.
test('the lock names the packages of every platform, so that npm ci installs on each', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const missing = Object.entries(lock.packages).flatMap(([parent, locked]) =>
    Object.keys(locked.optionalDependencies ?? {})
      .filter((name) => lock.packages[`node_modules/${name}`]?.version === undefined)
      .map((name) => `${name}, wanted by ${parent}`),
  );
  expect(missing).toEqual([]);
});
