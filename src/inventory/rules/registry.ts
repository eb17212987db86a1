import { addressRules } from './addresses.ts';
import { anycastRules } from './anycast.ts';
import { asnRules } from './asn.ts';
import { bipRules } from './bip.ts';
import { dockerRules } from './docker-options.ts';
import { dockerPoolRules } from './docker-pools.ts';
import { ebgpPolicyRules } from './ebgp-policy.ts';
import { familyRules } from './families.ts';
import { ibgpRules } from './ibgp.ts';
import { nameRules } from './names.ts';
import { originationRules } from './origination.ts';
import { peerOptionRules } from './peer-options.ts';
import { policyEntryRules } from './policy-entries.ts';
import { policyNameRules } from './policy-names.ts';
import { policyValueRules } from './policy-values.ts';
import type { Rule } from './rule.ts';
import { sessionRules } from './sessions.ts';

/** Every lint rule, by subject. `fabric_ignore` may name these and no others. */
export const rules: readonly Rule[] = [
  ...sessionRules,
  ...nameRules,
  ...addressRules,
  ...bipRules,
  ...dockerPoolRules,
  ...dockerRules,
  ...asnRules,
  ...policyNameRules,
  ...policyEntryRules,
  ...policyValueRules,
  ...familyRules,
  ...originationRules,
  ...anycastRules,
  ...ebgpPolicyRules,
  ...peerOptionRules,
  ...ibgpRules,
];
