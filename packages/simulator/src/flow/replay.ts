type Level = readonly [price: string, size: string];

/** One line of a capture that says something of a market. Decimal texts as captured. */
export type ReplayEvent = {
  readonly venue: string;
  readonly venueSymbol: string;
} & (
  | {
      /** The whole book, or changed levels (size 0 removes). */
      readonly kind: 'snapshot' | 'levels';
      readonly bids: readonly Level[];
      readonly asks: readonly Level[];
      /**
       * The venue's last update id in it: levels that a snapshot already holds are left out. `null` where snapshots come in
       * the stream itself, so that every message follows the one before.
       */
      readonly sequence: number | null;
    }
  | {
      readonly kind: 'trade';
      readonly price: string;
      readonly size: string;
      /** Side of the taker. */
      readonly side: 'buy' | 'sell';
      /** An aggregate of trades: used for markets whose single trades were not captured. */
      readonly aggregate?: boolean;
    }
);

/** One line of a capture file, as `speed normalize` reads them. */
export interface CaptureLine {
  readonly venue?: string;
  readonly transport: 'ws' | 'rest';
  readonly url: string | null;
  readonly dir: 'in' | 'out';
  readonly ts: number | null;
  readonly raw: string;
}

/** Reads a captured frame of a venue; nothing for frames that move no market. */
export type ReplayReader = (line: CaptureLine) => readonly ReplayEvent[];
