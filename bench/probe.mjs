import { writeFileSync } from 'node:fs';

// Loaded before the program that is measured: its last act is to write down what the process used.
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.BENCH_PROBE,
    JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, mib: maxRSS / 1024 }),
  );
});
