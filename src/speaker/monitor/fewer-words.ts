/** Milliseconds and how many lines a neighbor's faults may take in them. */
const WINDOW = 10_000;
const MOST = 20;

interface Talk {
  began: number;
  said: number;
  unsaid: number;
}

/** Whoever sends fault upon fault must not fill the log: every one is counted, and some of them are said. */
export class FewerWords<Speaker extends object> {
  readonly #talks = new WeakMap<Speaker, Talk>();

  /** How many before this one were left unsaid since the last that was not; null: this one is left unsaid too. `now`: milliseconds. */
  says(speaker: Speaker, now: number): number | null {
    const talk = this.#talks.get(speaker) ?? { began: now, said: 0, unsaid: 0 };
    this.#talks.set(speaker, talk);
    if (now - talk.began >= WINDOW) {
      talk.began = now;
      talk.said = 0;
    }
    if (++talk.said > MOST) {
      talk.unsaid++;
      return null;
    }
    const { unsaid } = talk;
    talk.unsaid = 0;
    return unsaid;
  }
}
