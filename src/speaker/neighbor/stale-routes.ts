import type { FamilyKey } from '../../bgp/wire/negotiated.ts';
import type { Environment, Timer } from '../environment.ts';

/** Seconds a peer that is back has for its End-of-RIB (FRR's `stalepath-time`; RFC 4724 4.2 asks for such a limit). */
const STALE_PATH_TIME = 360;

/** What this needs of the neighbor whose routes it holds. */
export interface StaleOwner {
  readonly environment: Environment;
  /** What was marked stale and not said again goes. */
  dropStale(family: FamilyKey): void;
  /** All its routes of the family go. */
  forgetRoutes(family: FamilyKey): void;
  /** The time of the last family is over and the peer is not back. */
  allForgotten(): void;
}

/** The routes of a peer that restarts (RFC 4724 4.2): held while it is away, dropped where it does not say them again. */
export class StaleRoutes {
  readonly #owner: StaleOwner;
  /** Families held while there is no session, and those whose End-of-RIB is still to come. */
  readonly #away = new Map<FamilyKey, Timer>();
  readonly #returning = new Map<FamilyKey, Timer>();

  constructor(owner: StaleOwner) {
    this.#owner = owner;
  }

  /** Are routes held without a session? */
  get holds(): boolean {
    return this.#away.size > 0;
  }

  /** The session is gone: its routes in this family stay for so long. */
  hold(family: FamilyKey, seconds: number): void {
    this.said(family);
    const over = () => {
      this.#away.delete(family);
      this.#forgetFamily(family);
      if (!this.holds) this.#owner.allForgotten();
    };
    this.#away.set(family, this.#owner.environment.after(seconds * 1000, over));
  }

  /** An operator does not want to wait. */
  forget(): void {
    for (const family of this.#away.keys()) this.#forgetFamily(family);
    for (const timer of [...this.#away.values(), ...this.#returning.values()]) timer.cancel();
    this.#away.clear();
    this.#returning.clear();
  }

  /** The peer is back with these families; what it did not keep itself (`forwarding`) goes at once, the rest waits for its End-of-RIB. */
  back(families: ReadonlySet<FamilyKey>, forwarding: ReadonlySet<FamilyKey>): void {
    for (const [family, timer] of this.#away) {
      timer.cancel();
      if (!families.has(family)) this.#forgetFamily(family);
      else if (!forwarding.has(family)) this.#drop(family);
      else {
        const over = () => {
          this.#returning.delete(family);
          this.#drop(family);
        };
        this.#returning.set(family, this.#owner.environment.after(STALE_PATH_TIME * 1000, over));
      }
    }
    this.#away.clear();
  }

  /** End-of-RIB: what the peer has not said again it no longer has. */
  said(family: FamilyKey): void {
    this.#returning.get(family)?.cancel();
    if (this.#returning.delete(family)) this.#drop(family);
  }

  #drop(family: FamilyKey): void {
    this.#owner.dropStale(family);
  }

  #forgetFamily(family: FamilyKey): void {
    this.#owner.forgetRoutes(family);
  }
}
