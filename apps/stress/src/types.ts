import type { OpenSocket } from '@speed-protocol/client';

/**
 * How an order ended, as far as anybody knows. The first four are final states of the venue; `unknown`: it was or may have
 * been sent, and no final state came in time; `error`: it is certain that it was not sent.
 */
export const OUTCOMES = ['filled', 'canceled', 'expired', 'rejected', 'unknown', 'error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The steps of a client that are timed. */
export const STAGES = ['connect', 'place', 'cancel', 'final'] as const;
export type Stage = (typeof STAGES)[number];

export interface StressOptions {
  /** The server, e.g. `ws://127.0.0.1:8765`. */
  readonly url: string;
  /** Access token, where the server wants one. */
  readonly token?: string | undefined;
  readonly clients: number;
  /** Orders of each client, one after the other; default 1. */
  readonly ordersPerClient?: number | undefined;
  /** Every order is cancelled as soon as it is placed; orders rest below and above the market then. */
  readonly cancel?: boolean | undefined;
  /** How long an order may take from being sent to its final state, and a client to connect, ms. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Venues to trade on; default all that the user's accounts are of. */
  readonly venues?: readonly string[] | undefined;
  /** Accounts to trade with; default all that the user may trade with. */
  readonly accounts?: readonly string[] | undefined;
  /** What to trade; default the best known instrument of each venue. */
  readonly symbol?: string | undefined;
  /** Accounts with real money take part only if this is true. */
  readonly allowLive?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Aborting gives up what is not final yet: it is reported as unknown. */
  readonly signal?: AbortSignal | undefined;
  readonly openSocket?: OpenSocket | undefined;
}

export interface Progress {
  readonly clients: number;
  readonly connected: number;
  readonly orders: number;
  /** Orders that were sent. */
  readonly placed: number;
  /** Orders with an outcome, whichever. */
  readonly done: number;
  readonly failed: number;
}

/** What an account trades in a run. */
export interface Market {
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  /** Smallest legal amount at the price of now. */
  readonly amount: string;
  /** Prices of orders that are to rest. */
  readonly restingBuy: string;
  readonly restingSell: string;
}

/** One order of one client; times in ms. */
export interface OrderResult {
  /** Counted from 0. */
  readonly client: number;
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  /** The run's own name of the order. */
  readonly ref: string;
  readonly clientOrderId: string | null;
  readonly outcome: Outcome;
  /** Why, where it is not filled or cancelled. */
  readonly cause: string | null;
  /** When it was sent, since the run began. */
  readonly sentAt: number;
  /** Until the server answered `place`. */
  readonly placeMs: number | null;
  /** Until the server answered `cancel`. */
  readonly cancelMs: number | null;
  /** From being sent until its final state was known here. */
  readonly finalMs: number | null;
  /** Its final state was on record at the server, but had not been told. */
  readonly untold: boolean;
}

/** One client; times in ms. */
export interface ClientResult {
  readonly client: number;
  /** From the first attempt until the server had begun the session; null when it never did. */
  readonly connectMs: number | null;
  /** Connections that were lost or refused. */
  readonly reconnects: number;
  readonly orders: readonly OrderResult[];
}
