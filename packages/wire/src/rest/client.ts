import { setMaxListeners } from 'node:events';
import { nearest, SpeedError } from '@speed-protocol/core';
import { parseExact } from '../frames/exact.js';
import { linkSignals } from './abortable.js';
import { ClockOffsetEstimator } from './clock-offset.js';
import { costsOf, type Endpoint, type EndpointTable, hasFixedCosts, type Params } from './endpoint.js';
import { faultOf } from './faults.js';
import type { Permit, RateGate } from './gate.js';
import { Places } from './places.js';
import { buildRequest } from './request.js';
import { backoffMs, DEFAULT_RETRY, isCurable, RetryBudget, type RetryPolicy, sleep } from './retry.js';
import type { RestAnswer, RestCallOptions, RestClient, RestClientSpec } from './spec.js';
import { CONNECTIONS, createTransport, type HttpAnswer, type HttpTransport } from './transport.js';

/** Makes a client. Opens nothing: the first call does. */
export function createRestClient<E extends EndpointTable>(spec: RestClientSpec<E>): RestClient<E> {
  return new Client(spec);
}

const TIMEOUT_MS = 10_000;
/** Longest wait for a connection, ms; as at the rate gate. */
const MAX_WAIT_MS = 90_000;

class Client<E extends EndpointTable> implements RestClient<E> {
  readonly clockOffset = new ClockOffsetEstimator();
  readonly gate: RateGate;
  readonly #spec: RestClientSpec<E>;
  readonly #transport: HttpTransport;
  readonly #retry: RetryPolicy;
  readonly #budget: RetryBudget;
  readonly #random: () => number;
  readonly #places: Places;
  /** Cancels have connections of their own. */
  readonly #cancelPlaces: Places;
  #date = { text: '', time: Number.NaN };
  readonly #fixedCosts = new Map<Endpoint, Readonly<Record<string, number>>>();

  constructor(spec: RestClientSpec<E>) {
    this.#spec = spec;
    // Every call under way listens to it, and there may be any number of them: no leak, so no warning.
    setMaxListeners(0, spec.signal);
    this.gate = spec.gate;
    this.#transport = createTransport(spec);
    this.#places = new Places(spec.clock, CONNECTIONS);
    this.#cancelPlaces = new Places(spec.clock, CONNECTIONS);
    this.#retry = { ...DEFAULT_RETRY, ...spec.retry };
    this.#budget = new RetryBudget(this.#retry);
    this.#random = spec.random ?? Math.random;
  }

  async call(name: keyof E & string, params: Params | string = {}, options: RestCallOptions = {}): Promise<unknown> {
    return (await this.request(name, params, options)).body;
  }

  async request(name: keyof E & string, params: Params | string = {}, options: RestCallOptions = {}): Promise<RestAnswer> {
    const endpoint = this.#endpoint(name);
    if (!options.signal) return await this.#persist(endpoint, params, options, this.#spec.signal);
    const { signal, release } = linkSignals(this.#spec.signal, options.signal);
    try {
      return await this.#persist(endpoint, params, options, signal);
    } finally {
      release();
    }
  }

  admit(name: keyof E & string, params: Params | string = {}, options: RestCallOptions = {}): Permit | Promise<Permit> {
    const { signal = this.#spec.signal, lane } = options;
    const endpoint = this.#endpoint(name);
    const free = signal.aborted ? undefined : this.gate.tryAcquire(this.#costs(endpoint, params), lane);
    return free ?? this.#turn(endpoint, params, options, signal);
  }

  hold({ kind, message, retryAfterMs: pauseMs = 0 }: SpeedError, bucket?: string): void {
    const { logger, venue } = this.#spec;
    logger.info({ venue, kind, refusal: message, bucket, pauseMs }, 'the venue was asked for more than it allows');
    this.gate.pause(pauseMs, bucket);
  }

  async serverTime(options?: RestCallOptions): Promise<number> {
    const { time, venue } = this.#spec;
    if (!time) throw new SpeedError('unsupported', `${venue} does not tell its time`, { venue });
    const { body } = await this.request(time.endpoint, {}, options);
    return time.read(body);
  }

  async close(): Promise<void> {
    this.#places.close();
    this.#cancelPlaces.close();
    await this.#transport[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #endpoint(name: string): Endpoint {
    const { endpoints, venue } = this.#spec;
    if (Object.hasOwn(endpoints, name)) return endpoints[name]!;
    const near = nearest(name, Object.keys(endpoints));
    throw new SpeedError('unsupported', `${venue} has no endpoint "${name}"${near ? `; did you mean "${near}"?` : ''}`, {
      venue,
    });
  }

  /** Sends, and again where that is allowed: after a wrong clock once, else as the retry policy says. */
  async #persist(
    endpoint: Endpoint,
    params: Params | string,
    options: RestCallOptions,
    signal: AbortSignal,
  ): Promise<RestAnswer> {
    let resigned = false;
    for (let attempt = 1; ; attempt++) {
      // Outside the try: what the gate refuses has waited long enough already.
      const permit = await this.#turn(endpoint, params, options, signal);
      try {
        const answer = await this.#once(permit, endpoint, params, options, signal);
        this.#budget.earn();
        return answer;
      } catch (error) {
        if (!SpeedError.is(error)) throw error;
        if (error.kind === 'clock-skew' && !resigned && this.#spec.time) {
          resigned = true;
          await this.#syncTime(signal);
        } else if (!(await this.#waitToRetry(endpoint, error, attempt, options, signal))) throw error;
      }
    }
  }

  async #turn(endpoint: Endpoint, params: Params | string, options: RestCallOptions, signal: AbortSignal): Promise<Permit> {
    try {
      const costs = this.#costs(endpoint, params);
      const free = signal.aborted ? undefined : this.gate.tryAcquire(costs, options.lane);
      return free ?? (await this.gate.acquire(costs, { ...options, signal }));
    } catch (error) {
      throw this.#located(error, endpoint);
    }
  }

  /** Costs that depend on no parameter are worked out once. */
  #costs(endpoint: Endpoint, params: Params | string): Readonly<Record<string, number>> {
    const known = this.#fixedCosts.get(endpoint);
    if (known) return known;
    const costs = costsOf(endpoint, typeof params === 'string' ? {} : params, this.gate.firstBucket);
    if (hasFixedCosts(endpoint)) this.#fixedCosts.set(endpoint, Object.freeze(costs));
    return costs;
  }

  /** One sending: sign, send, read. */
  async #once(
    permit: Permit,
    endpoint: Endpoint,
    params: Params | string,
    options: RestCallOptions,
    signal: AbortSignal,
  ): Promise<RestAnswer> {
    let answer: HttpAnswer;
    const { lane = 'read', maxWaitMs = MAX_WAIT_MS, timeoutMs = this.#spec.timeoutMs ?? TIMEOUT_MS } = options;
    const places = lane === 'cancel' ? this.#cancelPlaces : this.#places;
    let inside = places.tryEnter();
    try {
      if (!inside) await places.enter({ lane, maxWaitMs, signal });
      inside = true;
      // A time stamp is read when the request leaves: one that has waited would come too late.
      const venueTime = this.clockOffset.venueTime(this.#spec.clock.now());
      const { method, origin, path, headers, body } = buildRequest(this.#spec, endpoint, params, venueTime);
      // The transport knows the client's own signal.
      const linked = signal === this.#spec.signal ? undefined : signal;
      const urgent = lane === 'cancel';
      answer = await this.#transport.send({ method, origin, path, headers, body, timeoutMs, urgent, signal: linked });
    } catch (error) {
      permit.settle({ sent: !(SpeedError.is(error) && error.outcomeKnown) });
      throw this.#located(error, endpoint);
    } finally {
      if (inside) places.leave();
    }
    permit.settle({ sent: true, header: answer.header });
    return this.#read(endpoint, answer);
  }

  #read(endpoint: Endpoint, answer: HttpAnswer): RestAnswer {
    const { venue, errors, clock } = this.#spec;
    this.#learnDate(answer);
    if (answer.status >= 300 && answer.status < 400) throw this.#redirected(endpoint, answer);
    const body = tryParse(answer.text);
    const found = faultOf(
      errors,
      { status: answer.status, header: answer.header, body, now: clock.now() },
      venue,
      this.#what(endpoint),
    );
    if (found) {
      if (found.error.kind === 'rate-limited') this.hold(found.error, found.row.bucket);
      throw found.error;
    }
    if (body === undefined)
      throw new SpeedError('protocol', `${this.#what(endpoint)}: the answer is not JSON: ${excerpt(answer.text)}`, { venue });
    this.#learnTime(endpoint, answer, body);
    return { body, text: answer.text, status: answer.status, receivedAt: answer.receivedAt, sentAt: answer.sentAt };
  }

  #learnDate(answer: HttpAnswer): void {
    const text = answer.header('date') ?? '';
    // Many answers of one second say the same.
    if (text !== this.#date.text) this.#date = { text, time: Date.parse(text) };
    const date = this.#date.time;
    if (Number.isFinite(date)) {
      this.clockOffset.add({ sentAt: answer.sentAt, receivedAt: answer.receivedAt, venueTime: date, resolutionMs: 1000 });
    }
  }

  /** The time endpoint tells ms where the `Date` header tells seconds. */
  #learnTime(endpoint: Endpoint, { sentAt, receivedAt }: HttpAnswer, body: unknown): void {
    const { time, endpoints } = this.#spec;
    if (!time || endpoint !== endpoints[time.endpoint]) return;
    this.clockOffset.add({ sentAt, receivedAt, venueTime: time.read(body), resolutionMs: 1 });
  }

  async #syncTime(signal: AbortSignal): Promise<void> {
    const { time, endpoints } = this.#spec;
    if (!time) return;
    const endpoint = endpoints[time.endpoint]!;
    const permit = await this.#turn(endpoint, {}, { lane: 'cancel' }, signal);
    await this.#once(permit, endpoint, {}, {}, signal);
  }

  /** True after the pause when it may be sent again. */
  async #waitToRetry(
    endpoint: Endpoint,
    error: SpeedError,
    attempt: number,
    options: RestCallOptions,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (!endpoint.idempotent || !isCurable(error) || attempt >= this.#retry.attempts || signal.aborted) return false;
    // A pause longer than the caller would wait at the gate is the caller's to know.
    if (error.kind === 'rate-limited' && (error.retryAfterMs ?? 0) > (options.maxWaitMs ?? 90_000)) return false;
    if (!this.#budget.spend()) return false;
    const pauseMs = backoffMs(this.#retry, attempt, this.#random);
    this.#spec.logger.warn(
      { venue: this.#spec.venue, path: endpoint.path, kind: error.kind, attempt, pauseMs },
      'REST call failed; trying again',
    );
    await sleep(this.#spec.clock, pauseMs, signal);
    return true;
  }

  #redirected(endpoint: Endpoint, answer: HttpAnswer): SpeedError {
    const to = answer.header('location') ?? 'nowhere';
    const message = `${this.#what(endpoint)}: redirected to ${excerpt(to.split('?')[0]!)} (HTTP ${answer.status}); redirects are never followed, check the base URL`;
    return new SpeedError('protocol', message, { venue: this.#spec.venue });
  }

  #located(error: unknown, endpoint: Endpoint): unknown {
    if (!SpeedError.is(error)) return error;
    const { kind, outcomeKnown, retryAfterMs, cause } = error;
    return new SpeedError(kind, `${this.#what(endpoint)}: ${error.message}`, {
      venue: this.#spec.venue,
      outcomeKnown,
      retryAfterMs,
      cause,
    });
  }

  #what(endpoint: Endpoint): string {
    return `${this.#spec.venue} ${endpoint.method} ${endpoint.path}`;
  }
}

function tryParse(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}...`;
}
