import type { Prefix } from '../base/ip.ts';
import type { RouterProfile } from './profile.ts';

const IPV4_MULTICAST = 0xen;
const IPV4_BROADCAST = 0xffffffffn;

/** Is the network one that some daemon does not take for a unicast route? Few are. */
export function isOdd({ family, value }: Prefix): boolean {
  return family === 4 ? isOddIpv4(value) : isOddIpv6(value);
}

/** Does the router take routes to this network? FRR and Quagga leave multicast and link-local ones aside that a peer sends, BIRD's table takes none that is no global or private address. */
export function takesNetwork({ quirks }: RouterProfile, prefix: Prefix): boolean {
  switch (quirks.ignoresNetworks) {
    case 'multicast':
      return !isMulticast(prefix) && !isLinkLocalNetwork(prefix);
    case 'scopeless':
      return !isOdd(prefix);
    default:
      return true;
  }
}

function isMulticast({ family, value }: Prefix): boolean {
  return family === 4 ? value >> 28n === IPV4_MULTICAST : value >> 120n === 0xffn;
}

function isLinkLocalNetwork({ family, value }: Prefix): boolean {
  return family === 6 && value >> 118n === 0x3fan;
}

/** `ip4_classify` of BIRD: this network but for 0.0.0.0 itself, loopback, multicast, broadcast. */
function isOddIpv4(value: bigint): boolean {
  const first = value >> 24n;
  return (
    (first === 0n && value !== 0n) ||
    first === 127n ||
    value >> 28n === IPV4_MULTICAST ||
    value === IPV4_BROADCAST
  );
}

/** `ip6_classify` of BIRD: link-local, multicast, ::1, and what holds an IPv4 address or nothing in its last 64 bits as that says. */
function isOddIpv6(value: bigint): boolean {
  if (value >> 118n === 0x3fan || value >> 120n === 0xffn) return true;
  if (value === 0n || value >> 64n !== 0n) return false;
  const middle = value >> 32n;
  if (value === 1n || (middle !== 0n && middle !== 0xffffn)) return true;
  const last = value & 0xffffffffn;
  return last >> 24n === 0n || isOddIpv4(last);
}
