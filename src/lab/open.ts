interface Closable {
  close(): void;
}

const open = new Set<Closable>();

/** Has it closed after the suite if nobody does before: a set-up that ran out of time has handed nothing over. */
export function opened(one: Closable): void {
  open.add(one);
}

export function closed(one: Closable): void {
  open.delete(one);
}

/** What is open now; closing it is somebody else's business. */
export function openNow(): ReadonlySet<Closable> {
  return new Set(open);
}

/** Closes whatever is open and was not `before`, the newest first. */
export function closeSince(before: ReadonlySet<Closable>): void {
  for (const one of [...open].reverse()) if (!before.has(one)) one.close();
}
