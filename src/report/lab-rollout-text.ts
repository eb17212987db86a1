import type { RolledHost, Rollout } from '../lab/rollout/rollout.ts';
import { formatAgreement } from './lab-text.ts';
import type { Style } from './style.ts';
import { formatTable } from './table.ts';

/** What a rollout did, host by host, and to the packets. */
export function formatRollout(rollout: Rollout, style: Style): string {
  const rows = rollout.hosts.map((host) => [
    style.strong(host.host),
    host.action,
    host.action === 'unchanged' ? '-' : `${host.took.toFixed(1)} s`,
    host.settled === 0 ? '-' : `${host.settled.toFixed(1)} s`,
    sessionsText(host, style),
  ]);
  const lossy = rollout.flows
    .filter(({ lost }) => lost > 0)
    .map(
      ({ from, to, sent, lost, gap }) =>
        `  ${from} to ${to}: ${lost} of ${sent} lost, silent for ${gap} ms\n`,
    );
  const complaints = rollout.hosts.flatMap(({ host, complaints: all }) =>
    all.map((one) => `  ${host} says: ${one}\n`),
  );
  const { packetsLost, packetsSent, sessionsReset, seconds, flows } = rollout;
  const lost = `${packetsLost} of ${packetsSent} packets lost on ${flows.length} ways`;
  const sum = [
    packetsLost === 0 ? style.good(lost) : style.error(lost),
    sessionsReset === 0 ? style.good('no session reset') : style.error(`${sessionsReset} session ends reset`),
    `converged in ${seconds.toFixed(1)} s`,
  ];
  return [
    formatTable(['host', 'action', 'loaded in', 'at rest after', 'sessions'], rows),
    lossy.length > 0 ? `\n${lossy.join('')}` : '',
    complaints.length > 0 ? `\n${complaints.join('')}` : '',
    `\n${sum.join(', ')}\n\nthe end, against the simulator:\n`,
    formatAgreement(rollout.agreement, style),
  ].join('');
}

function sessionsText({ reset, added, removed }: RolledHost, style: Style): string {
  const words = [
    reset.length > 0 ? style.error(`reset: ${reset.join(' ')}`) : '',
    added.length > 0 ? `new: ${added.join(' ')}` : '',
    removed.length > 0 ? style.warning(`gone: ${removed.join(' ')}`) : '',
  ].filter((word) => word !== '');
  return words.join(', ') || 'all kept';
}
