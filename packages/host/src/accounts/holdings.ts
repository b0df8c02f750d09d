import type { AnyAccount, Balance, Logger, Position, PrivateEvent } from '@speed-protocol/core';

/** What an account owns, kept by what its stream tells and made anew by questions. */
export class Holdings {
  readonly #balances = new Map<string, Balance>();
  readonly #positions = new Map<string, Position>();
  /** Told since the running question was asked: what the stream says is newer than the answer. */
  #told = new Set<string>();
  #refreshing: Promise<void> | null = null;
  #known = false;

  constructor(
    private readonly account: AnyAccount,
    private readonly logger: Logger,
  ) {}

  /** True while nothing can have been missed since the venue was last asked. */
  get known(): boolean {
    return this.#known;
  }

  get balances(): readonly Balance[] {
    return [...this.#balances.values()];
  }

  /** Open positions. */
  get positions(): readonly Position[] {
    return [...this.#positions.values()].filter(isOpen);
  }

  /** Legs of one symbol. */
  legs(symbol: string): readonly Position[] {
    return this.positions.filter((each) => each.symbol === symbol);
  }

  balance(currency: string): Balance | undefined {
    return this.#balances.get(currency);
  }

  hear(event: PrivateEvent): void {
    if (event.type === 'balance') this.#takeBalance(event.balance);
    else if (event.type === 'position') this.#takePosition(event.position);
    else if (event.type === 'stream') this.#known = false;
    if (event.type === 'stream' && event.state === 'up') {
      this.refresh().catch((err: unknown) => this.logger.warn({ err }, 'balances and positions could not be read again'));
    }
  }

  /**
   * Asks the venue for everything.
   * @throws SpeedError when it cannot be asked
   */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    this.#told = new Set();
    const [balances, positions] = await Promise.all([this.account.balances(), this.account.positions?.() ?? []]);
    replace(this.#balances, balances, ({ currency }) => currency, this.#told);
    replace(this.#positions, positions, keyOf, this.#told);
    this.#known = true;
  }

  #takeBalance(balance: Balance): void {
    const known = this.#balances.get(balance.currency);
    this.#balances.set(balance.currency, { ...balance, free: balance.free ?? null });
    if (known?.total !== balance.total || balance.free !== null) this.#told.add(balance.currency);
  }

  #takePosition(position: Position): void {
    const key = keyOf(position);
    this.#positions.set(key, filledUp(position, this.#positions.get(key)));
    this.#told.add(key);
  }
}

/** Takes an answer over, except for what was told meanwhile. */
function replace<T>(known: Map<string, T>, answer: readonly T[], key: (each: T) => string, told: ReadonlySet<string>): void {
  for (const each of [...known.keys()]) if (!told.has(each)) known.delete(each);
  for (const each of answer) if (!told.has(key(each))) known.set(key(each), each);
}

/** What a message leaves open stays as it was known. */
function filledUp(position: Position, known: Position | undefined): Position {
  const { leverage, marginMode } = position;
  return { ...position, leverage: leverage ?? known?.leverage ?? null, marginMode: marginMode ?? known?.marginMode ?? null };
}

function keyOf({ symbol, positionSide }: Position): string {
  return `${symbol} ${positionSide ?? 'net'}`;
}

function isOpen({ amount }: Position): boolean {
  return /[1-9]/.test(amount);
}
