import { familyNames } from '../../base/family.ts';
import { states } from '../../bgp/fsm/events.ts';
import { neighborView } from '../api/neighbor-view.ts';
import type { Speaker } from '../speaker.ts';
import type { Monitor } from './monitor.ts';

/** What only the process knows. */
export interface ProcessFigures {
  readonly residentBytes: number;
  /** What JavaScript holds, with what was not collected yet. */
  readonly heapBytes: number;
  /** Tables are columns of numbers in array buffers. */
  readonly arrayBufferBytes: number;
  readonly cpuSeconds: number;
  /** Longest pause of the event loop since the last look. */
  readonly loopLagSeconds: number;
}

type Labels = Readonly<Record<string, string | number>>;

/**
 * Metrics in the text format of Prometheus (0.0.4). Names and labels follow frr_exporter (`frr_bgp_peer_state` ...), with `fabricgen_` in front, so that dashboards
 * change by one word.
 */
export function metricsText(speaker: Speaker, monitor: Monitor, figures: ProcessFigures): string {
  const text = new MetricsText();
  const { asn } = speaker.router.bgp;
  for (const neighbor of speaker.neighbors) {
    const view = neighborView(speaker, neighbor);
    const { session } = neighbor;
    const labels = { local_as: asn, peer: view.name, peer_as: view.remoteAs, peer_type: view.type };
    text.gauge(
      'bgp_peer_state',
      'Session is up (1), down (0), shut down by an operator (2)',
      labels,
      stateOf(neighbor.running, view.state),
    );
    text.gauge(
      'bgp_peer_fsm_state',
      'State of RFC 4271 8.2.2, Idle (1) to Established (6)',
      labels,
      states.indexOf(session.state) + 1,
    );
    text.gauge(
      'bgp_peer_uptime_seconds',
      'How long the session has been up',
      labels,
      view.uptimeSeconds ?? 0,
    );
    text.counter('bgp_peer_message_received_total', 'Messages received', labels, view.messages.received);
    text.counter('bgp_peer_message_sent_total', 'Messages sent', labels, view.messages.sent);
    text.counter(
      'bgp_peer_update_received_total',
      'UPDATE messages received',
      labels,
      view.messages.updatesReceived,
    );
    text.counter('bgp_peer_update_sent_total', 'UPDATE messages sent', labels, view.messages.updatesSent);
    text.counter('bgp_peer_flaps_total', 'Times the session went down', labels, view.flaps.down);
    for (const { family, received, accepted, advertised, waiting } of view.families) {
      const [afi = '', safi = ''] = family.split('-');
      const own = { afi, safi, ...labels };
      text.gauge('bgp_peer_prefixes_received_count_total', 'Prefixes received', own, received);
      text.gauge(
        'bgp_peer_prefixes_accepted_count_total',
        'Prefixes the import policy let in',
        own,
        accepted,
      );
      text.gauge('bgp_peer_prefixes_advertised_count_total', 'Prefixes advertised', own, advertised);
      text.gauge('bgp_peer_prefixes_waiting', 'Prefixes the peer has still to be told of', own, waiting);
    }
  }
  for (const family of familyNames) {
    const [afi = '', safi = ''] = family.split('-');
    const table = speaker.tables.get(family)?.table;
    text.gauge(
      'bgp_rib_count_total',
      'Prefixes with a best path',
      { afi, safi, local_as: asn },
      table?.prefixes ?? 0,
    );
    text.gauge(
      'bgp_rib_routes',
      'Routes received or made, refused ones among them',
      { afi, safi, local_as: asn },
      table?.routes ?? 0,
    );
  }
  text.gauge('bgp_peers_count_total', 'Neighbors', { local_as: asn }, speaker.neighbors.length);
  for (const [key, count] of [...monitor.faults].sort()) {
    const [kind = '', code = ''] = key.split(' ');
    text.counter('bgp_faults_total', 'What went wrong, by kind and NOTIFICATION code', { kind, code }, count);
  }
  text.plain('process_resident_memory_bytes', 'gauge', 'Resident memory', figures.residentBytes);
  text.plain('nodejs_heap_size_used_bytes', 'gauge', 'Heap in use', figures.heapBytes);
  text.plain('nodejs_array_buffers_bytes', 'gauge', 'Array buffers in use', figures.arrayBufferBytes);
  text.plain('process_cpu_seconds_total', 'counter', 'User and system time', figures.cpuSeconds);
  text.plain(
    'nodejs_eventloop_lag_max_seconds',
    'gauge',
    'Longest pause of the event loop',
    figures.loopLagSeconds,
  );
  return text.text;
}

function stateOf(running: boolean, state: string): number {
  if (!running) return 2;
  return state === 'Established' ? 1 : 0;
}

/** All samples of one name have to stand together, under one HELP and TYPE. */
class MetricsText {
  readonly #families = new Map<string, string[]>();

  gauge(name: string, help: string, labels: Labels, value: number): void {
    this.#add(`fabricgen_${name}`, 'gauge', help, labels, value);
  }

  counter(name: string, help: string, labels: Labels, value: number): void {
    this.#add(`fabricgen_${name}`, 'counter', help, labels, value);
  }

  plain(name: string, type: 'gauge' | 'counter', help: string, value: number): void {
    this.#add(name, type, help, {}, value);
  }

  get text(): string {
    return [...this.#families.values()].flat().join('');
  }

  #add(name: string, type: string, help: string, labels: Labels, value: number): void {
    const lines = this.#families.get(name) ?? [`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`];
    this.#families.set(name, lines);
    const written = Object.entries(labels).map(([label, held]) => `${label}="${escaped(String(held))}"`);
    lines.push(`${name}${written.length > 0 ? `{${written.join(',')}}` : ''} ${value}\n`);
  }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
