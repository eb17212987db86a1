import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { FamilyName } from '../../../base/family.ts';
import type { SourceRange } from '../../../base/source.ts';
import type { LineReport } from '../../target.ts';
import type { DialectId } from './dialect.ts';
import type { Draft, PeerDraft, PeerFamilyDraft, Reference, RouterDraft } from './draft.ts';
import type { Command } from './grammar.ts';
import type { PolicyDraft, RouteMapEntryDraft } from './policy-draft.ts';
import { Transactions } from './transactions.ts';

/** Where in the file a line stands: the daemon's command node. 'skipped': inside a block that is not modelled. */
export type Mode =
  | 'top'
  | 'interface'
  | 'router'
  | 'ipv4-unicast'
  | 'ipv6-unicast'
  | 'route-map'
  | 'skipped'
  | 'left';

export type DaemonName = 'zebra' | 'bgpd' | 'staticd';

/** A command with what decides whether this file's daemon knows it. */
export interface FamilyCommand extends Command<Reading> {
  readonly dialects?: readonly DialectId[];
  /** Missing: every daemon. */
  readonly daemons?: readonly DaemonName[];
  /** FRR takes it together with such lines before and behind it, see `Transactions`; 'aside': it does not end what is taken together either. */
  readonly transaction?: 'within' | 'aside';
}

/** The state of reading one host's files: the draft, the mode and the line being read. Commands change it. */
export class Reading {
  readonly draft: Draft;
  readonly dialect: DialectId;
  readonly host: string;
  readonly lines: LineReport[] = [];
  readonly diagnostics: Diagnostic[] = [];
  mode: Mode = 'top';
  /** The line that ended an address family since it is one of `router bgp`. */
  climbedAt: { readonly line: number; readonly text: string } | null = null;
  /** null: an integrated file, whose lines go to every daemon. */
  daemon: DaemonName | null = null;
  interfaceName = '';
  routeMapEntry: RouteMapEntryDraft | null = null;
  skipped: SkippedBlock | null = null;
  /** The line that left the configuration, while the mode is `left`. */
  leftBy: SourceRange | null = null;
  /** False behind what is not followed: the daemon may be in a node that is not known here. */
  nodeIsKnown = true;
  /** Path of the file being read, and where the line stands in it; `source` makes a range of them where one is kept. */
  file = '';
  line = 0;
  column = 0;
  text = '';
  readonly transactions = new Transactions();
  /** Lines of the integrated file that are passed over: their transaction failed. */
  readonly dropped: ReadonlySet<number>;

  constructor(draft: Draft, dialect: DialectId, host: string, dropped: ReadonlySet<number> = new Set()) {
    this.dropped = dropped;
    this.draft = draft;
    this.dialect = dialect;
    this.host = host;
  }

  get source(): SourceRange {
    const { file, line, column } = this;
    return { file, line, column, endLine: line, endColumn: column + this.text.length };
  }

  get router(): RouterDraft {
    if (!this.draft.router) throw new Error('a router command outside `router bgp`');
    return this.draft.router;
  }

  get family(): FamilyName {
    return this.mode === 'ipv6-unicast' ? 'ipv6-unicast' : 'ipv4-unicast';
  }

  /** The lists the current file's daemon keeps. */
  get policies(): PolicyDraft {
    return this.daemon === 'zebra' ? this.draft.zebraPolicies : this.draft.policies;
  }

  reference(name: string): Reference {
    return { name, source: this.source };
  }

  refuse(message: string, fix: string, more?: Partial<Diagnostic>): void {
    this.diagnostics.push(this.#refusal(message, fix, more));
  }

  /** Of a line that FRR finds wrong only when it looks at the whole transaction. */
  refuseTransaction(message: string, fix: string): void {
    const refusal = this.#refusal(message, fix);
    if (this.throughVtysh) this.transactions.spoil(refusal);
    else this.diagnostics.push(refusal);
  }

  /** Does vtysh read the file, and hand on its lines, lists and route-maps taken together? Else a daemon reads its own, each line by itself. */
  get throughVtysh(): boolean {
    return this.daemon === null && this.dialect !== 'quagga-1.2';
  }

  #refusal(message: string, fix: string, more?: Partial<Diagnostic>): Diagnostic {
    return {
      rule: 'config-refused',
      severity: 'error',
      message: `${this.host}: ${message}`,
      ranges: [this.source],
      host: this.host,
      found: this.text,
      fix,
      ...more,
    };
  }

  /** `source`: the word at which the daemon stops, where it is known. */
  unrecognised(effect: string, source: SourceRange = this.source): void {
    this.nodeIsKnown = false;
    this.lines.push({ status: 'unrecognised', matters: true, text: this.text, effect, source });
  }

  /** `carried`: see `LineReport`. */
  unmodelled(effect: string, matters: boolean, carried = false): void {
    this.nodeIsKnown = false;
    const line = { status: 'unmodelled', matters, text: this.text, effect, source: this.source } as const;
    this.lines.push(carried ? { ...line, carried } : line);
  }

  /** The neighbor or group, or null with the daemon's own complaint. */
  peer(id: string): PeerDraft | null {
    const peer = this.router.peers.get(id) ?? this.router.groups.get(id);
    if (peer) return peer;
    this.refuse(
      `neighbor ${id} has no remote-as or peer-group line before this one`,
      'Write `neighbor X remote-as N` (or the peer-group line) first.',
    );
    return null;
  }

  peerFamily(id: string): PeerFamilyDraft | null {
    return this.peer(id)?.families[this.family] ?? null;
  }
}

/** A block whose lines are reported and not followed. */
export interface SkippedBlock {
  /** The line that opened it. */
  readonly head: string;
  readonly ends: readonly string[];
  readonly returnsTo: Mode;
  readonly effect: string;
  readonly matters: boolean;
  /** Report each line, or only the head. */
  readonly silent: boolean;
}
