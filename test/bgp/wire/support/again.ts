import { type Fault, isFault } from '../../../../src/bgp/wire/fault.ts';
import { Framer } from '../../../../src/bgp/wire/framing.ts';
import {
  decodeMessage,
  encodeMessage,
  type Message,
  type Outgoing,
} from '../../../../src/bgp/wire/message.ts';
import type { Negotiated } from '../../../../src/bgp/wire/negotiated.ts';
import type { FamilyNlri, Update } from '../../../../src/bgp/wire/update.ts';

/** One whole message, through the framer; a fault of the framer is one of the message. */
export function decodeWhole(bytes: Uint8Array, session: Negotiated): Message | Fault {
  const framer = new Framer();
  framer.maxLength = session.maxLength;
  const { frames, fault } = framer.push(bytes);
  if (fault) return fault;
  const [frame] = frames;
  if (!frame || framer.waiting > 0) throw new Error('not one whole message');
  return decodeMessage(frame, session);
}

/** A message as it can be sent again; an UPDATE with two fields of one kind, which nobody sends, takes two. */
export function outgoing(message: Message): readonly Outgoing[] {
  if (message.kind !== 'update') return [message];
  const { attributes, announced, withdrawn, mpNextHop } = message;
  const parts = Math.max(announced.length, withdrawn.length, 1);
  return Array.from({ length: parts }, (_, place) => ({
    kind: 'update',
    attributes,
    announced: announced[place] ?? null,
    withdrawn: withdrawn[place] ?? null,
    mpNextHop: place === announced.length - 1 ? mpNextHop : [],
  }));
}

/** What comes of a message that is encoded and decoded again. */
export function again(message: Message, session: Negotiated): Message {
  const wide = { ...session, maxLength: 65535 };
  const parts = outgoing(message).map((one) => {
    const back = decodeWhole(encodeMessage(one, wide).slice(), wide);
    if (isFault(back)) throw new Error(`does not decode again: ${back.message}`);
    return back;
  });
  const [first] = parts;
  if (!first) throw new Error('nothing was encoded');
  return first.kind === 'update' ? merged(parts.filter((one) => one.kind === 'update')) : first;
}

function merged(parts: readonly Update[]): Update {
  const [first] = parts;
  if (!first) throw new Error('no UPDATE');
  const all = (field: 'announced' | 'withdrawn'): readonly FamilyNlri[] => parts.flatMap((one) => one[field]);
  return {
    ...first,
    announced: all('announced'),
    withdrawn: all('withdrawn'),
    mpNextHop: parts.find(({ mpNextHop }) => mpNextHop.length > 0)?.mpNextHop ?? [],
    faults: parts.flatMap(({ faults }) => faults),
  };
}
