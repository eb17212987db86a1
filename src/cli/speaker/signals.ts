/** Waits for SIGTERM or SIGINT and says which it was; on each SIGHUP `reload` runs, one after the other. */
export async function endOfSpeaker(reload: () => Promise<void>): Promise<string> {
  let running = Promise.resolve();
  const again = () => {
    running = running.then(reload);
  };
  process.on('SIGHUP', again);
  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => resolve(name));
  });
  process.off('SIGHUP', again);
  await running;
  return signal;
}
