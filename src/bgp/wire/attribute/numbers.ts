import type { Origin } from '../../policy/types.ts';
import { attributeCode, attributeFlag, updateError } from '../registry.ts';
import type { AttributeRow } from './row.ts';

const wellKnown = attributeFlag.transitive;

/** RFC 4271 5.1.1, RFC 7606 7.1. */
export const origin: AttributeRow<Origin> = {
  code: attributeCode.origin,
  title: 'ORIGIN',
  flags: wellKnown,
  malformed: 'treat-as-withdraw',
  subcode: updateError.invalidOrigin,
  decode: (reader) => {
    const value = reader.u8();
    return value === 0 || value === 1 || value === 2 ? value : null;
  },
  encode: (writer, value) => writer.u8(value),
};

function number32(
  code: number,
  title: string,
  flags: number,
  malformed: AttributeRow<number>['malformed'] = 'treat-as-withdraw',
): AttributeRow<number> {
  return {
    code,
    title,
    flags,
    malformed,
    decode: (reader) => reader.u32(),
    encode: (writer, value) => writer.u32(value),
  };
}

/** RFC 4271 5.1.4, RFC 7606 7.4. */
export const med = number32(attributeCode.med, 'MULTI_EXIT_DISC', attributeFlag.optional);

/** RFC 4271 5.1.5, RFC 7606 7.5. */
export const localPref = number32(attributeCode.localPref, 'LOCAL_PREF', wellKnown);

/** RFC 4456 section 8, RFC 7606 7.9. */
export const originatorId = number32(attributeCode.originatorId, 'ORIGINATOR_ID', attributeFlag.optional);

/** RFC 9234 section 5. */
export const onlyToCustomer = number32(
  attributeCode.onlyToCustomer,
  'OTC',
  attributeFlag.optional | attributeFlag.transitive,
);

/** RFC 4271 5.1.6, RFC 7606 7.6: its presence is its value. */
export const atomicAggregate: AttributeRow<true> = {
  code: attributeCode.atomicAggregate,
  title: 'ATOMIC_AGGREGATE',
  flags: wellKnown,
  malformed: 'attribute-discard',
  decode: () => true,
  encode: () => undefined,
};

/** RFC 4456 section 8, RFC 7606 7.10: the newest cluster first. */
export const clusterList: AttributeRow<readonly number[]> = {
  code: attributeCode.clusterList,
  title: 'CLUSTER_LIST',
  flags: attributeFlag.optional,
  malformed: 'treat-as-withdraw',
  decode: (reader) => {
    if (reader.left === 0) return null;
    const ids: number[] = [];
    while (reader.left > 0) ids.push(reader.u32());
    return ids;
  },
  encode: (writer, ids) => {
    for (const id of ids) writer.u32(id);
  },
};
