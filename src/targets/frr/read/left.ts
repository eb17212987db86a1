import type { Reading } from './reading.ts';

// One `exit` too many, and in a daemon's own file `end`, leaves the configuration (ENABLE_NODE): no line is taken any more until `configure`.

export function leaveConfiguration(reading: Reading): void {
  reading.transactions.end();
  reading.mode = 'left';
  reading.leftBy = reading.source;
}

/** A line below that. */
export function readLeft(reading: Reading, words: readonly string[]): void {
  const [first = ''] = words;
  const { leftBy } = reading;
  if (first.startsWith('conf') && 'configure'.startsWith(first)) {
    reading.mode = 'top';
    reading.leftBy = null;
    return;
  }
  if (first === 'exit' || first === 'quit' || leftBy === null) return;
  reading.unrecognised(`the daemon does not take this line: line ${leftBy.line} has left the configuration`);
}

/** At the end of a file: outside the configuration vtysh cannot tell bgpd that it is whole (XFRR_end_configuration). */
export function noteLeft(reading: Reading): void {
  const { leftBy, draft, throughVtysh } = reading;
  if (reading.mode !== 'left' || leftBy === null || !throughVtysh) return;
  if (draft.router) draft.router.switches.unfinished = true;
  reading.refuse(
    'the line leaves the configuration, so bgpd does not hear that it is whole, and calls nobody for ten minutes',
    'Remove the line: there is nothing left to exit from.',
    { ranges: [leftBy], found: 'exit' },
  );
}
