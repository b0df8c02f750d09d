import { type Logger, SpeedError, silentLogger } from '@speed-protocol/core';
import type { ClassicLevel } from 'classic-level';
import type { Evidence } from './evidence.js';
import { asJournalError } from './journal-errors.js';

/** What is kept of one order, in the order in which it was learnt. */
export interface JournalledOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly evidence: readonly Evidence[];
}

/** Where evidence is kept so that it is there after a crash. */
export interface Journal extends AsyncDisposable {
  /**
   * Keeps one piece of evidence. When it resolves the record survives the end of the process, and in strict mode the
   * loss of power.
   * @throws SpeedError `unavailable` when it could not be written; nothing further is accepted then
   */
  record(clientOrderId: string, symbol: string, evidence: Evidence): Promise<void>;
  /** Everything that is kept, one order at a time. */
  replay(): Promise<readonly JournalledOrder[]>;
  /** Drops all that is kept of these orders. */
  forget(clientOrderIds: readonly string[]): Promise<void>;
}

export interface JournalOptions {
  /** Wait for the disk (fsync), so that records survive the loss of power too; many records share one wait. Default false. */
  readonly strict?: boolean | undefined;
  readonly logger?: Logger | undefined;
}

interface Record {
  readonly symbol: string;
  readonly evidence: Evidence;
}

type Database = ClassicLevel<string, string>;
interface Write {
  readonly key: string;
  readonly value: string;
  readonly settle: (error?: SpeedError) => void;
}

/** Digits of the running number in a key: keys of one order sort by it. */
const NUMBER_DIGITS = 16;
/** Sorts after every digit: end of the range of one order. */
const LAST = '~';

/**
 * Opens the journal in `folder`, which is made when it is missing. One process at a time may have it open.
 * @throws SpeedError `config` when the folder is locked, not writable or damaged
 */
export async function openJournal(folder: string, options: JournalOptions = {}): Promise<Journal> {
  const { ClassicLevel } = await import('classic-level');
  const database = new ClassicLevel<string, string>(folder);
  try {
    await database.open();
    const journal = new LevelJournal(database, folder, options);
    await journal.findLastNumber();
    return journal;
  } catch (error) {
    await database.close().catch(() => {});
    throw asJournalError(error, folder);
  }
}

class LevelJournal implements Journal {
  #next = 0;
  #waiting: Write[] = [];
  #writing: Promise<void> | null = null;
  #broken: SpeedError | null = null;
  #closing: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly folder: string,
    private readonly options: JournalOptions,
  ) {}

  /** Numbers go on where the last process stopped: a record never takes the place of another. */
  async findLastNumber(): Promise<void> {
    for await (const key of this.database.keys()) this.#next = Math.max(this.#next, numberOf(key) + 1);
  }

  record(clientOrderId: string, symbol: string, evidence: Evidence): Promise<void> {
    const refused = this.#broken ?? (this.#closing ? new SpeedError('unavailable', 'The order journal is closed') : null);
    if (refused) return Promise.reject(refused);
    const key = `${encodeURIComponent(clientOrderId)} ${String(this.#next++).padStart(NUMBER_DIGITS, '0')}`;
    const value = JSON.stringify({ symbol, evidence } satisfies Record);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, value, settle: (error) => (error ? reject(error) : resolve()) });
      this.#writing ??= this.#write();
    });
  }

  async replay(): Promise<readonly JournalledOrder[]> {
    const orders = new Map<string, { clientOrderId: string; symbol: string; evidence: Evidence[] }>();
    for await (const [key, value] of this.database.iterator()) {
      const clientOrderId = decodeURIComponent(key.slice(0, key.lastIndexOf(' ')));
      const { symbol, evidence } = this.#parse(key, value);
      const order = orders.get(clientOrderId) ?? { clientOrderId, symbol, evidence: [] };
      order.evidence.push(evidence);
      orders.set(clientOrderId, order);
    }
    return [...orders.values()];
  }

  async forget(clientOrderIds: readonly string[]): Promise<void> {
    for (const id of clientOrderIds.map(encodeURIComponent)) await this.database.clear({ gte: `${id} `, lte: `${id} ${LAST}` });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** One write at a time; whatever comes meanwhile shares the next one, and its fsync. */
  async #write(): Promise<void> {
    // Records of this turn of the event loop go together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#writeBatch(batch);
    }
    this.#writing = null;
  }

  async #writeBatch(batch: readonly Write[]): Promise<void> {
    try {
      if (this.#broken) throw this.#broken;
      await this.database.batch(
        batch.map(({ key, value }) => ({ type: 'put', key, value })),
        { sync: this.options.strict ?? false },
      );
      for (const each of batch) each.settle();
    } catch (error) {
      this.#broken ??= this.#writeError(error);
      for (const each of batch) each.settle(this.#broken);
    }
  }

  #writeError(error: unknown): SpeedError {
    const { folder, options } = this;
    (options.logger ?? silentLogger).error({ err: error, folder }, 'the order journal cannot be written');
    return new SpeedError('unavailable', `The order journal in ${folder} cannot be written; check the disk and start again`, {
      cause: error,
      outcomeKnown: true,
    });
  }

  #parse(key: string, value: string): Record {
    try {
      return JSON.parse(value) as Record;
    } catch (cause) {
      throw new SpeedError(
        'config',
        `The order journal in ${this.folder} is damaged at record "${key}"; restore it from a copy`,
        {
          cause,
        },
      );
    }
  }

  async #close(): Promise<void> {
    await this.#writing;
    await this.database.close();
  }
}

function numberOf(key: string): number {
  return Number(key.slice(key.lastIndexOf(' ') + 1)) || 0;
}
