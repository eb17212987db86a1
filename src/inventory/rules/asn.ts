import { AS_TRANS, type Asn, asnKind } from '../../base/asn.ts';
import type { SourceRange } from '../../base/source.ts';
import { placeOf, type RuleContext, type Speaker } from './context.ts';
import type { Finding, Rule } from './rule.ts';

interface UsedAsn {
  readonly host: Speaker;
  readonly asn: Asn;
  readonly what: string;
  readonly at: SourceRange;
}

/** The numbers our hosts have themselves: bgp_asn and local_as. */
function* ownAsns(context: RuleContext): Iterable<UsedAsn> {
  for (const host of context.ours) {
    yield { host, asn: host.bgp.asn, what: 'bgp_asn', at: placeOf(host, 'bgp_asn') };
    for (const { localAs, source } of host.bgp.neighbors) {
      if (localAs) yield { host, asn: localAs.asn, what: 'local_as', at: source };
    }
  }
}

/** Those and the numbers of others that our configurations name. */
function* allAsns(context: RuleContext): Iterable<UsedAsn> {
  yield* ownAsns(context);
  for (const host of context.ours) {
    for (const neighbor of host.bgp.neighbors) {
      if (neighbor.remoteHost === null)
        yield { host, asn: neighbor.remoteAs, what: 'the asn of a neighbor', at: neighbor.source };
    }
    for (const group of host.bgp.peerGroups) {
      if (group.remoteAs !== null)
        yield { host, asn: group.remoteAs, what: `the asn of peer group ${group.name}`, at: group.source };
    }
  }
}

const reasons: Readonly<Record<number, string>> = {
  0: 'is never an AS number (RFC 7607)',
  [AS_TRANS]: 'is AS_TRANS, the stand-in for four-octet numbers (RFC 6793)',
  65535: 'is reserved, and FRR refuses it (RFC 7300)',
  4294967295: 'is reserved, and FRR refuses it (RFC 7300)',
};

function* reserved(context: RuleContext): Iterable<Finding> {
  for (const { host, asn, what, at } of allAsns(context)) {
    if (asnKind(asn) !== 'reserved') continue;
    yield {
      host,
      message: `${host.name} has ${asn} as ${what}, which ${reasons[asn] ?? 'is reserved'}`,
      at,
      found: String(asn),
      expected: 'a private number, 64512 to 65534 or 4200000000 to 4294967294, or one that is yours',
      fix: 'choose another number',
      shared: `${what} ${asn}`,
    };
  }
}

function* documentation(context: RuleContext): Iterable<Finding> {
  for (const { host, asn, what, at } of ownAsns(context)) {
    if (asnKind(asn) !== 'documentation') continue;
    yield {
      host,
      message: `${host.name} has ${asn} as ${what}, a number reserved for documentation (RFC 5398)`,
      at,
      found: String(asn),
      expected: 'a private number, 64512 to 65534 or 4200000000 to 4294967294, or one that is yours',
      fix: 'choose another number; routers of others may drop routes with this one',
      shared: `${what} ${asn}`,
    };
  }
}

function* publicAsns(context: RuleContext): Iterable<Finding> {
  for (const { host, asn, what, at } of ownAsns(context)) {
    if (asnKind(asn) !== 'public') continue;
    yield {
      host,
      message: `${host.name} has ${asn} as ${what}, which is not a private number (RFC 6996)`,
      at,
      found: String(asn),
      expected: '64512 to 65534 or 4200000000 to 4294967294',
      fix: `choose a private number, or, if AS ${asn} is assigned to you, say so: fabric_ignore: [{ rule: asn-public, reason: ... }]`,
      shared: `${what} ${asn}`,
    };
  }
}

export const asnRules: readonly Rule[] = [
  { id: 'asn-reserved', severity: 'error', check: reserved },
  { id: 'asn-documentation', severity: 'warning', check: documentation },
  { id: 'asn-public', severity: 'warning', check: publicAsns },
];
