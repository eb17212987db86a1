import { LabError } from './error.ts';
import type { Ran } from './shell.ts';

/** What is done to the packets that leave an interface; null: nothing of that kind. */
export interface Impairment {
  /** Milliseconds, and how far they vary to either side. */
  readonly delay: number | null;
  readonly jitter: number | null;
  /** Percent. */
  readonly loss: number | null;
  /** kbit/s. */
  readonly rate: number | null;
}

/** The words of `tc` for a device (tc-netem(8)); nothing asked for: whatever was there goes. */
export function impairWords(device: string, { delay, jitter, loss, rate }: Impairment): readonly string[] {
  const netem = [
    ...(delay === null && jitter === null ? [] : ['delay', `${delay ?? 0}ms`]),
    ...(jitter === null ? [] : [`${jitter}ms`]),
    ...(loss === null ? [] : ['loss', `${loss}%`]),
    ...(rate === null ? [] : ['rate', `${rate}kbit`]),
  ];
  const change = (words: readonly string[]) => ['qdisc', ...words];
  return netem.length === 0
    ? change(['del', 'dev', device, 'root'])
    : change(['replace', 'dev', device, 'root', 'netem', ...netem]);
}

/** What `tc` came to: throws where the kernel cannot do it, or the host has no such interface. */
export function impaired(host: string, device: string, off: boolean, { code, stderr }: Ran): void {
  // Nothing was there that could go.
  if (code === 0 || (off && /handle of zero|No such file/i.test(stderr))) return;
  if (/Cannot find device/i.test(stderr))
    throw new LabError({
      rule: 'lab-host',
      severity: 'error',
      message: `${host} has no interface ${device}`,
      ranges: [],
      host,
      found: device,
      fix: `see which there are with: fabricgen lab exec ${host} -- ip -br address`,
    });
  if (/qdisc (?:kind is unknown|not found)|No such file|not supported/i.test(stderr))
    throw new LabError({
      rule: 'lab-needs',
      severity: 'error',
      message: 'the kernel of this machine cannot delay or lose packets: it has no sch_netem',
      ranges: [],
      expected: 'CONFIG_NET_SCH_NETEM, built in or as a module (modprobe sch_netem)',
      fix: 'run the lab on a kernel that has it; nothing was changed',
    });
  const said = stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(`tc on ${host}: ${said}`);
}
