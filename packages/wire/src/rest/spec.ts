import type { CallOptions, Clock, Logger, SpeedError } from '@speed-protocol/core';
import type { ClockOffset } from './clock-offset.js';
import type { EndpointTable, Params } from './endpoint.js';
import type { ErrorTable } from './faults.js';
import type { Lane, Permit, RateGate } from './gate.js';
import type { RetryPolicy } from './retry.js';

/** A request as the signing hook sees it: everything but the credentials is in place. */
export interface UnsignedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Percent-encoded query without `?`; may be empty. */
  readonly query: string;
  /** Form or JSON text; empty when the parameters are in the query. */
  readonly body: string;
  readonly auth: 'key' | 'signed';
  /** The venue's clock as we estimate it, ms, whole. */
  readonly timestamp: number;
}

/** What the hook changes or adds. */
export interface SignedRequest {
  readonly query?: string | undefined;
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

export type SignHook = (request: UnsignedRequest) => SignedRequest;

export interface RestClientSpec<E extends EndpointTable> {
  /** Venue id, for errors. */
  readonly venue: string;
  /** Origin of endpoints that name no host. */
  readonly baseUrl: string;
  /** Origins by the name that endpoint rows use. */
  readonly hosts?: Readonly<Record<string, string>> | undefined;
  /** Hosts that may be talked to. Nothing else is ever connected to. */
  readonly allowedHosts: readonly string[];
  readonly endpoints: E;
  /** Absent: signed endpoints are refused before anything is sent. */
  readonly sign?: SignHook | undefined;
  readonly errors: ErrorTable;
  readonly gate: RateGate;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts everything under way and to come. */
  readonly signal: AbortSignal;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For one sending, connection to last byte; default 10,000 ms. */
  readonly timeoutMs?: number | undefined;
  readonly maxBodyBytes?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** The endpoint that tells the venue's time, and how to read it (ms): asked after a `clock-skew` answer. */
  readonly time?: { readonly endpoint: keyof E & string; readonly read: (body: unknown) => number } | undefined;
  /** In [0, 1); for jitter. */
  readonly random?: (() => number) | undefined;
}

export interface RestCallOptions extends CallOptions {
  readonly timeoutMs?: number | undefined;
  /** Turn at the rate gate; default `read`. */
  readonly lane?: Lane | undefined;
  /** Longest wait at the rate gate, and for a connection, ms; default 90,000. */
  readonly maxWaitMs?: number | undefined;
}

export interface RestAnswer {
  /** JSON value; integers beyond 2^53 are strings. */
  readonly body: unknown;
  /** The body as sent, for those that read it by themselves. */
  readonly text: string;
  readonly status: number;
  /** ms since epoch, when the last byte had arrived and before it was parsed. */
  readonly receivedAt: number;
  readonly sentAt: number;
}

export interface RestClient<E extends EndpointTable> extends AsyncDisposable {
  /**
   * Calls an endpoint and gives its body. Idempotent endpoints are sent again after cuts, timeouts, 5xx and limits, with
   * jittered backoff and within a budget; all others are sent once.
   * @param params text instead of an object is sent as it is: percent-encoded already, for hot paths that build it themselves
   * @throws SpeedError of the kind that the error table gives; `outcomeKnown` says whether the venue may have acted
   */
  call(name: keyof E & string, params?: Params | string, options?: RestCallOptions): Promise<unknown>;
  /** As {@link call}, with the times around it. */
  request(name: keyof E & string, params?: Params | string, options?: RestCallOptions): Promise<RestAnswer>;
  /**
   * Leave to send this call by another way, e.g. over a socket that counts against the same allowances; at once where there
   * is room.
   * @throws SpeedError as {@link RateGate.acquire}
   */
  admit(name: keyof E & string, params?: Params | string, options?: RestCallOptions): Permit | Promise<Permit>;
  /**
   * Asks the spec's `time` endpoint for the venue's clock, ms; the answer also narrows {@link clockOffset}.
   * @throws SpeedError `unsupported` where the spec names none
   */
  serverTime(options?: RestCallOptions): Promise<number>;
  /** Holds the gate, of one bucket or of all, as long as a refusal for asking too much says; other ways meet them too. */
  hold(refusal: SpeedError, bucket?: string): void;
  readonly clockOffset: ClockOffset;
  readonly gate: RateGate;
  close(): Promise<void>;
}
