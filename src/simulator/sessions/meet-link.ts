import type { PeerTable } from '../../bgp/peer-table.ts';
import { interfaceNamed } from '../compact/node-index.ts';
import { type Meeting, noteBoth, type Tried } from './meeting.ts';

/** Unnumbered: the one other router on the link that has an interface neighbour there as well. The answer as that of `meet`. */
export function meetOnLink(meeting: Meeting, tried: Tried): string | null {
  const { speaker, table, place, config } = tried;
  const name = table.config(place).interface;
  if (config.shutdown) return 'administratively shut down';
  if (name === null || meeting.settled[tried.key] === 1) return null;
  const near = interfaceNamed(meeting.ground.wiring.nodes[speaker.node], name);
  if (!near?.up || near.link === null)
    return `interface ${name} is ${near ? 'down or not connected' : 'missing'}`;
  const partners = (meeting.ground.wiring.links.get(near.link) ?? []).filter(
    ({ node }) => node !== speaker.node,
  );
  const answering = partners.flatMap(({ node, interface: far }) => {
    const found = neighborOn(meeting, node, far.name);
    return found ? [{ tried: found, local: null, interface: far, dynamic: false }] : [];
  });
  const partner = answering[0];
  if (!partner) return `nobody on ${near.name} has an interface neighbor there`;
  if (answering.length > 1) return `several routers on ${near.name} have an interface neighbor there`;
  noteBoth(meeting, { tried, local: null, interface: near, dynamic: false }, partner);
  return null;
}

function neighborOn({ speakers, tables, first }: Meeting, node: number, name: string): Tried | null {
  const [speaker, table] = [speakers[node], tables[node]];
  const place = table ? interfaceNeighbor(table, name) : -1;
  if (!speaker || !table || place < 0) return null;
  return {
    speaker,
    table,
    place,
    key: (first[node] ?? 0) + place,
    config: table.shared(place),
    address: null,
  };
}

function interfaceNeighbor(table: PeerTable, name: string): number {
  for (let place = 0; place < table.count; place++) {
    if (table.address(place) !== null || table.shared(place).shutdown) continue;
    if (table.config(place).interface === name) return place;
  }
  return -1;
}
