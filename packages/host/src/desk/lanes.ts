/** Most urgent first: a cancel never waits behind an order, nor an order behind a question. */
export type Lane = 'cancel' | 'amend' | 'place' | 'read';

const LANES: readonly Lane[] = ['cancel', 'amend', 'place', 'read'];

type Group = 'cancels' | 'commands' | 'questions';

/** Lanes of one group share its room, the more urgent first. */
const GROUP: Readonly<Record<Lane, Group>> = { cancel: 'cancels', amend: 'commands', place: 'commands', read: 'questions' };

export interface LaneRoom {
  /** Orders and amendments at a time. */
  readonly commands: number;
  /** Questions at a time; they take nothing from commands. */
  readonly questions: number;
}

export interface Job<T> {
  readonly result: Promise<T>;
  /** Takes it back; true when it had not begun and never will. Its result never settles then. */
  withdraw(): boolean;
}

/** Runs jobs by urgency, at most so many at a time; cancels always at once. */
export class Lanes {
  readonly #waiting: Record<Lane, (() => void)[]> = { cancel: [], amend: [], place: [], read: [] };
  readonly #running: Record<Group, number> = { cancels: 0, commands: 0, questions: 0 };
  readonly #room: Readonly<Record<Group, number>>;

  constructor(room: LaneRoom) {
    this.#room = { ...room, cancels: Number.POSITIVE_INFINITY };
  }

  run<T>(lane: Lane, work: () => Promise<T>): Job<T> {
    let start: () => void = () => {};
    const group = GROUP[lane];
    const result = new Promise<T>((resolve, reject) => {
      start = () => {
        this.#running[group]++;
        work()
          .then(resolve, reject)
          .finally(() => this.#release(group));
      };
    });
    this.#waiting[lane].push(start);
    this.#pump();
    return { result, withdraw: () => this.#withdraw(lane, start) };
  }

  #withdraw(lane: Lane, start: () => void): boolean {
    const index = this.#waiting[lane].indexOf(start);
    if (index >= 0) this.#waiting[lane].splice(index, 1);
    return index >= 0;
  }

  #release(group: Group): void {
    this.#running[group]--;
    this.#pump();
  }

  #pump(): void {
    for (const lane of LANES) {
      const group = GROUP[lane];
      while (this.#waiting[lane].length > 0 && this.#running[group] < this.#room[group]) this.#waiting[lane].shift()!();
    }
  }
}
