import type { Diagnostic } from '../base/diagnostic.ts';
import type { InterfaceAddress } from '../base/ip.ts';
import type { SourceRange } from '../base/source.ts';
import type { RouterConfig } from '../bgp/config.ts';
import type { Fabric, Host } from '../model/fabric.ts';

/**
 * One kind of output: a routing daemon or Docker. The registry lists them all; a host may have several (FRR and Docker).
 * The writer half (limits, files) and the reader half (read) share no code (rule 1): they meet only in text.
 */
export interface Target {
  /** Folder under templates/ and under src/targets/. */
  readonly name: string;
  /** Does this target write files for the host? */
  applies(host: Host): boolean;
  /** What this daemon and version cannot express, before anything is rendered. */
  limits(host: Host, fabric: Fabric): readonly Diagnostic[];
  /** The files to render, in the order they are listed in the manifest. */
  files(host: Host, fabric: Fabric): readonly FilePlan[];
  /** Reads a host's files back. Gets only the files named by this target; never throws. */
  read(files: ReadonlyMap<string, ConfigFile>, about: ReadContext): ReadResult;
}

/** One file to be: the template prints the context, the rest goes to the manifest. */
export interface FilePlan {
  /** Name below the host's folder: `bgpd.conf`. */
  readonly path: string;
  /** Template below templates/: `frr/bgpd.conf.hbs`. Null: `context` is the text itself (JSON by a serializer). */
  readonly template: string | null;
  /** Complete, sorted, no undefined (Handlebars runs strict). */
  readonly context: Readonly<Record<string, unknown>> | string;
  /** Where it goes on the host: `/etc/frr/bgpd.conf`. */
  readonly destination: string;
  readonly owner: string;
  readonly mode: string;
  /** Command that checks the file before it is used; `{file}` stands for its path. Null: nothing can check it. */
  readonly check: string | null;
  /** Command that applies a change. */
  readonly apply: string;
}

/** A file as read, with the name to be said in diagnostics. */
export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

export interface ReadContext {
  readonly host: string;
  readonly version: string;
}

export interface ReadResult {
  readonly router: RouterConfig | null;
  readonly docker: DockerConfig | null;
  /** Lines that are not fully modelled (rule 4). Harmless and modelled lines are not listed. */
  readonly lines: readonly LineReport[];
  /** What the daemon itself would refuse, undefined names, and so on. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LineReport {
  /** 'unrecognised': the daemon would refuse it, or we do not know it: the result fails. 'unmodelled': see `effect`. */
  readonly status: 'unrecognised' | 'unmodelled';
  /** Can it change the tables? Then the outcome is inconclusive at best. */
  readonly matters: boolean;
  readonly text: string;
  readonly effect: string;
  readonly source: SourceRange;
  /** A speaker does it all the same: it passes routes of that family on. */
  readonly carried?: boolean;
}

/** What daemon.json means for the network. */
export interface DockerConfig {
  /** `docker0` or what `bridge` names; addresses from bip, bip6 and fixed-cidr-v6. */
  readonly bridge: string;
  readonly addresses: readonly InterfaceAddress[];
  /** Are packets of containers that leave by another interface given its address (`ip-masq`), by IP version? */
  readonly masquerade: Readonly<Record<4 | 6, boolean>>;
  readonly source: SourceRange;
}
