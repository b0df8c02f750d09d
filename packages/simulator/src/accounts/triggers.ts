import type { Condition } from './types.js';

/** Something that waits for a price, in ticks; `fire` runs once, when nothing else is going on. */
export interface Trigger {
  readonly symbol: string;
  readonly by: Condition['by'];
  readonly direction: Condition['direction'];
  price: number;
  /** Looks at every price before it is compared; trailing triggers move theirs. */
  follow?(price: number): void;
  fire(): void;
}

/** Everything that waits for prices of a venue. Prices are told at any time; what they set off runs when asked for. */
export class Triggers {
  readonly #waiting = new Map<string, Set<Trigger>>();
  #due: Trigger[] = [];

  add(trigger: Trigger): void {
    const ofSymbol = this.#waiting.get(trigger.symbol) ?? new Set();
    this.#waiting.set(trigger.symbol, ofSymbol.add(trigger));
  }

  remove(trigger: Trigger): void {
    this.#waiting.get(trigger.symbol)?.delete(trigger);
    this.#due = this.#due.filter((other) => other !== trigger);
  }

  /** Tells a price (ticks) of a symbol. */
  observe(symbol: string, by: Condition['by'], price: number): void {
    const ofSymbol = this.#waiting.get(symbol);
    if (!ofSymbol) return;
    for (const trigger of ofSymbol) {
      if (trigger.by !== by) continue;
      trigger.follow?.(price);
      if (!reaches(trigger, price)) continue;
      ofSymbol.delete(trigger);
      this.#due.push(trigger);
    }
  }

  /** Runs what prices have set off, oldest first, one round. @returns whether there was any */
  fireDue(): boolean {
    const due = this.#due;
    this.#due = [];
    for (const trigger of due) trigger.fire();
    return due.length > 0;
  }
}

/** Whether a price is where a condition wants it. */
export function reaches({ direction, price }: Pick<Trigger, 'direction' | 'price'>, now: number): boolean {
  return direction === 'rise' ? now >= price : now <= price;
}
