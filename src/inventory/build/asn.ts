import { type Asn, parseAsn } from '../../base/asn.ts';
import type { SourceRange } from '../../base/source.ts';
import type { Findings } from './findings.ts';

/** Reads an AS number or asdot text; null means that the reason was reported. Reserved numbers are the rules' business. */
export function readAsn(
  written: number | string,
  what: string,
  source: SourceRange,
  findings: Findings,
): Asn | null {
  const asn = typeof written === 'number' ? written : parseAsn(written);
  if (asn !== null && asn > 0 && asn < 0xffffffff) return asn;
  findings.error({
    rule: 'invalid-asn',
    message: `${what} ${JSON.stringify(written)} is not an AS number`,
    ranges: [source],
    found: String(written),
    expected: 'a number from 1 to 4294967294, or asdot like "1.10"',
    fix: 'give the AS number the neighbors expect',
  });
  return null;
}
