import {
  type AccountDeclaration,
  type AnyAccount,
  type Balance,
  type CallOptions,
  type CommandOptions,
  type FeeRates,
  type Hedging,
  type Instrument,
  type Leverage,
  type Position,
  type Positions,
  type PrivateEvent,
  SpeedError,
} from '@speed-protocol/core';
import type { Stamp } from '../calls/api-socket.js';
import type { RestExchange } from '../exchange/rest-exchange.js';
import type { Params } from '../rest/endpoint.js';
import type { Doors } from './doors.js';
import type { PrivateStream } from './private-stream.js';
import { saysOneOf } from './sendable.js';

type MarginMode = 'cross' | 'isolated';

/**
 * Sends one request about the account and reads the answer.
 * @throws SpeedError `protocol` when it is of another shape than documented; else as {@link Doors.ask}
 */
export type AskAccount = <B, R = void>(endpoint: string, params: Params, read?: (body: B) => R) => Promise<R>;

/** Leverage and margin mode by symbol. */
interface LeverageSpec {
  setLeverage(instrument: Instrument, leverage: number, ask: AskAccount): Promise<unknown>;
  setMarginMode(instrument: Instrument, mode: MarginMode, ask: AskAccount): Promise<unknown> | void;
}

interface HedgingSpec {
  hedgeMode(ask: AskAccount): Promise<boolean>;
  setHedgeMode(on: boolean, ask: AskAccount): Promise<unknown>;
}

/** Positions and settings of one venue, where it has them: what is declared is used. */
export interface PositionsSpec extends Partial<LeverageSpec>, Partial<HedgingSpec> {
  positions(instrument: Instrument | undefined, ask: AskAccount): Promise<readonly Position[]>;
  /** Codes by which the venue says that a setting is as asked for already, which is what was wanted. */
  readonly unchanged?: ReadonlySet<string> | undefined;
}

/** The account at one venue: its questions and how their answers read. */
export interface AccountSpec<S extends Stamp = Stamp> {
  readonly declared: AccountDeclaration;
  readonly doors: Doors<S>;
  readonly stream: PrivateStream;
  balances(ask: AskAccount): Promise<readonly Balance[]>;
  feeRates(instrument: Instrument, ask: AskAccount): Promise<FeeRates>;
  readonly positions?: PositionsSpec | undefined;
}

/** The account room of a venue: what its declaration says, and nothing else. */
export function createAccount<S extends Stamp>(exchange: RestExchange, spec: AccountSpec<S>): AnyAccount {
  const { reference } = exchange;
  const asker = askerOf(exchange, spec.doors);
  return {
    balances: (options = {}) => spec.balances(asker(options)),
    async feeRates(symbol, options = {}) {
      return spec.feeRates(await reference.instrument(symbol, options), asker(options));
    },
    async subscribe(on: (event: PrivateEvent) => void, options: CallOptions = {}) {
      spec.doors.assertCredentials();
      // Symbols of events are told by the listing.
      await reference.instruments(options);
      return spec.stream.subscribe(on, options);
    },
    ...(spec.declared.positions && spec.positions && positionsOf(exchange, spec.declared, spec.positions, asker)),
  };
}

type Asker = (options: CommandOptions) => AskAccount;

function askerOf<S extends Stamp>(exchange: RestExchange, doors: Doors<S>): Asker {
  return ({ signal }) =>
    async (endpoint, params, read) => {
      const body = await doors.ask({ endpoint, lane: 'read', params }, { signal });
      return (read && exchange.read(endpoint, () => read(body as never))) as never;
    };
}

function positionsOf(
  exchange: RestExchange,
  { leverage, hedgeMode }: AccountDeclaration,
  spec: PositionsSpec,
  asker: Asker,
): Positions & Partial<Leverage & Hedging> {
  const { reference } = exchange;
  return {
    async positions(symbol, options = {}) {
      // Loads the listing, by which the rows' symbols are told.
      await reference.instruments(options);
      const instrument = symbol === undefined ? undefined : await reference.instrument(symbol, options);
      return spec.positions(instrument, asker(options));
    },
    ...(leverage !== false && leverageOf(exchange, spec as LeverageSpec & PositionsSpec, asker)),
    ...(hedgeMode && hedgingOf(spec as HedgingSpec & PositionsSpec, asker)),
  };
}

function leverageOf({ reference, venue }: RestExchange, spec: LeverageSpec & PositionsSpec, asker: Asker): Leverage {
  const change = (work: Promise<unknown> | void) => changed(work, spec.unchanged);
  return {
    async setLeverage(symbol, leverage, options = {}) {
      if (!Number.isSafeInteger(leverage) || leverage < 1) {
        const why = `leverage must be a whole number from 1 on and is ${leverage}`;
        throw new SpeedError('invalid-request', why, { venue });
      }
      await change(spec.setLeverage(await reference.instrument(symbol, options), leverage, asker(options)));
    },
    async setMarginMode(symbol, mode, options = {}) {
      await change(spec.setMarginMode(await reference.instrument(symbol, options), mode, asker(options)));
    },
  };
}

function hedgingOf(spec: HedgingSpec & PositionsSpec, asker: Asker): Hedging {
  return {
    hedgeMode: (options = {}) => spec.hedgeMode(asker(options)),
    async setHedgeMode(on, options = {}) {
      await changed(spec.setHedgeMode(on, asker(options)), spec.unchanged);
    },
  };
}

/** Waits for a change of a setting; that it is so already is what was wanted. */
async function changed(work: Promise<unknown> | void, unchanged: ReadonlySet<string> | undefined): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!saysOneOf(error, unchanged)) throw error;
  }
}
