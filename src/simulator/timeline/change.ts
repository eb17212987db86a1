import type { RouterConfig } from '../../bgp/config.ts';
import type { NetworkNode } from '../kernel/network.ts';

/**
 * Something that happens to a running network. Hosts, links and interfaces go by their names in the network; a name that it does
 * not know changes nothing: whoever reads names from a user checks them there.
 */
export type Change =
  /** The daemons of these hosts start, with the files they have now. */
  | { readonly kind: 'start'; readonly hosts: readonly string[] }
  /** They are asked to end (SIGTERM): each takes leave of its peers and clears what it put into the kernel. */
  | { readonly kind: 'stop'; readonly hosts: readonly string[] }
  /** They are ended (SIGKILL): the kernel closes their connections and keeps their routes. */
  | { readonly kind: 'kill'; readonly hosts: readonly string[] }
  /** The whole host is gone without a word, its interfaces with it; or back, daemons started. */
  | { readonly kind: 'host-down'; readonly host: string }
  | { readonly kind: 'host-up'; readonly host: string }
  /** Every interface on the link loses its carrier, or has it again. */
  | { readonly kind: 'link-down'; readonly link: string }
  | { readonly kind: 'link-up'; readonly link: string }
  /** `ip link set INTERFACE down` and `up`. */
  | { readonly kind: 'interface-down'; readonly host: string; readonly interface: string }
  | { readonly kind: 'interface-up'; readonly host: string; readonly interface: string }
  /** Every session between the two is shut down at both ends, or no longer is. */
  | { readonly kind: 'session-down'; readonly between: readonly [string, string] }
  | { readonly kind: 'session-up'; readonly between: readonly [string, string] }
  /** The host's daemon loads another configuration: `node` is what its new files make of it (same name, same wiring). */
  | {
      readonly kind: 'files';
      readonly host: string;
      readonly node: NetworkNode;
      /** What a daemon that starts makes of them, where it forgets what earlier ones had brought about (commands of GoBGP). */
      readonly afresh?: RouterConfig | null;
    }
  /** The same with files of which a running daemon loads nothing, while one that starts skips what it does not know (FRR). */
  | { readonly kind: 'files-kept-back'; readonly host: string; readonly node: NetworkNode };
