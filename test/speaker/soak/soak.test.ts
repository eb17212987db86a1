import { type AddressInfo, createServer } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { Soak } from './run.ts';

/** scripts/soak-speaker asks for more, with a seed of its own. */
const seconds = Number(process.env['SOAK_SECONDS'] ?? 24);
const seed = Number(process.env['SOAK_SEED'] ?? 1);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

let soak: Soak | null = null;
afterAll(() => soak?.close());

it(`${seconds} s of churn, resets, reloads, attacks and questions: memory stays flat and every route right`, {
  timeout: (seconds + 180) * 1000,
}, async () => {
  const loud = process.env['SOAK_SECONDS'] !== undefined;
  soak = new Soak(seconds, await freePort(), seed);
  const result = await soak.run((words) => {
    if (loud) console.info(words);
  });
  if (loud) console.info(JSON.stringify(result, null, 2));
  expect(result.losses).toBe(0);
  expect(result.differences.slice(0, 10)).toEqual([]);
  expect(result.exit).toBe('ended with 0');
  // A soak of nothing proves nothing.
  expect(result.routes).toBeGreaterThan(5000);
  expect(result.updates).toBeGreaterThan(seconds * 50);
  expect(result.memory, JSON.stringify(result.memory)).toMatchObject({ flat: true });
});
