/** Names the file of the command where this process is not it: tests run under another one. */
export const OWN_COMMAND = 'FABRICGEN_COMMAND';

/** How this very command is started once more: the program and the words before its own. */
export function ownCommand(): readonly string[] {
  return [process.execPath, process.env[OWN_COMMAND] ?? process.argv[1] ?? ''];
}
