/** Events waiting to be delivered, first in, first out: a slot and a path number each, in a ring that grows. */
export interface EventQueue {
  slots: Int32Array;
  paths: Int32Array;
  head: number;
  tail: number;
  push(slot: number, path: number): void;
}

const FIRST_SIZE = 1024;

export function createQueue(): EventQueue {
  return {
    slots: new Int32Array(FIRST_SIZE),
    paths: new Int32Array(FIRST_SIZE),
    head: 0,
    tail: 0,
    push(slot, path) {
      const mask = this.slots.length - 1;
      this.slots[this.tail & mask] = slot;
      this.paths[this.tail & mask] = path;
      this.tail++;
      if (this.tail - this.head === this.slots.length) grow(this);
    },
  };
}

function grow(queue: EventQueue): void {
  const { slots, paths, head, tail } = queue;
  const mask = slots.length - 1;
  queue.slots = new Int32Array(slots.length * 2);
  queue.paths = new Int32Array(slots.length * 2);
  for (let i = head; i < tail; i++) {
    queue.slots[i - head] = slots[i & mask] ?? 0;
    queue.paths[i - head] = paths[i & mask] ?? 0;
  }
  queue.tail = tail - head;
  queue.head = 0;
}
