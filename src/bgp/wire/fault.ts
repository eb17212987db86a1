/**
 * What a fault in a message means for the session (RFC 7606 section 2), weakest first. The place that finds the fault chooses the
 * word; whoever reads the message acts on the strongest.
 */
export type Outcome = 'attribute-discard' | 'treat-as-withdraw' | 'session-reset';

/** A fault with what the NOTIFICATION would say (RFC 4271 section 6). */
export interface Fault {
  readonly outcome: Outcome;
  readonly code: number;
  readonly subcode: number;
  /** The data field: the offending attribute or field. */
  readonly data: Uint8Array;
  /** One sentence for people. */
  readonly message: string;
}

const strength: Readonly<Record<Outcome, number>> = {
  'attribute-discard': 0,
  'treat-as-withdraw': 1,
  'session-reset': 2,
};

/** The fault to act on (RFC 7606 section 3 h); the first one of equal strength. null: there is none. */
export function strongest(faults: readonly Fault[]): Fault | null {
  return faults.reduce<Fault | null>(
    (worst, fault) => (worst === null || strength[fault.outcome] > strength[worst.outcome] ? fault : worst),
    null,
  );
}

const nothing = new Uint8Array(0);

/** A fault that ends the session. */
export function resetting(code: number, subcode: number, message: string, data: Uint8Array = nothing): Fault {
  return { outcome: 'session-reset', code, subcode, data, message };
}

/** Tells a fault from a decoded value; no decoded value has an `outcome`. */
export function isFault(value: object): value is Fault {
  return 'outcome' in value;
}
