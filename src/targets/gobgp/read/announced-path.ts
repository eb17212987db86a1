import { parseAsn } from '../../../base/asn.ts';
import type { AsSegment } from '../../../bgp/as-path.ts';
import type { AnnouncedAttributes } from '../../../bgp/origination-config.ts';
import type { Reading } from './reading.ts';
import type { Word } from './words.ts';

/** `10 20 {30,40} 50`: sequences, and sets in braces; blanks between two sets are a sequence of none (newAsPath). */
export function announcedPath(
  word: Word | null,
  reading: Reading,
): Pick<AnnouncedAttributes, 'asPath' | 'segments'> {
  const segments = (word?.text ?? '').split(/[{}]/).flatMap((text, index): AsSegment[] => {
    if (text === '') return [];
    const read = text
      .split(/[\s,]+/)
      .filter((one) => one !== '')
      .map(parseAsn);
    const asns = read.filter((asn) => asn !== null);
    if (word && asns.length < read.length) {
      const message = `gobgp refuses '${word.text}': aspath holds what is not an ASN`;
      reading.refuse(word.source, message, 'Correct the value.', word.text);
    }
    return [{ kind: index % 2 === 0 ? 'sequence' : 'set', asns }];
  });
  const [first, ...more] = segments;
  const isPlain = (first?.kind ?? 'sequence') === 'sequence' && more.length === 0;
  return { asPath: first?.kind === 'sequence' ? first.asns : [], ...(isPlain ? {} : { segments }) };
}
