import {
  type AccountDeclaration,
  type AnyAccount,
  type Balance,
  type CallOptions,
  type CommandOptions,
  type FeeRates,
  type Position,
  type PrivateEvent,
  SpeedError,
} from '@speed-protocol/core';
import type { CcxtBridge } from './exchange.js';
import { requiredDecimal } from './numbers.js';
import { balancesOf, positionOf } from './order-formats.js';
import type { CcxtExchange } from './types.js';
import type { PrivateStream } from './websocket/private-stream.js';

/** Balances, positions and settings of the account, by ccxt's own methods. */
export class CcxtAccount {
  constructor(
    private readonly bridge: CcxtBridge,
    private readonly stream: PrivateStream,
  ) {}

  room({ positions }: AccountDeclaration): AnyAccount {
    const reads = {
      balances: (options?: CommandOptions) => this.balances(options),
      feeRates: (symbol: string, options?: CommandOptions) => this.feeRates(symbol, options),
      subscribe: (on: (event: PrivateEvent) => void, options?: CallOptions) => this.subscribe(on, options),
    };
    if (!positions) return reads;
    return {
      ...reads,
      positions: (symbol, options) => this.positions(symbol, options),
      setLeverage: (symbol, leverage, options) => this.setLeverage(symbol, leverage, options),
      setMarginMode: (symbol, mode, options) => this.setMarginMode(symbol, mode, options),
      hedgeMode: (options) => this.hedgeMode(options),
      setHedgeMode: (on, options) => this.setHedgeMode(on, options),
    };
  }

  async balances(options: CommandOptions = {}): Promise<readonly Balance[]> {
    const exchange = await this.#prepare(options);
    return balancesOf(this.bridge.venue, await this.bridge.ask('fetchBalance', exchange, (it) => it.fetchBalance(), options));
  }

  async feeRates(symbol: string, options: CommandOptions = {}): Promise<FeeRates> {
    const exchange = await this.#prepare(options, symbol);
    const { maker, taker } = await this.bridge.ask('fetchTradingFee', exchange, (it) => it.fetchTradingFee(symbol), options);
    return { maker: requiredDecimal(maker, 'maker'), taker: requiredDecimal(taker, 'taker') };
  }

  async subscribe(on: (event: PrivateEvent) => void, options: CallOptions = {}): Promise<AsyncDisposable> {
    await this.#prepare(options);
    return this.stream.subscribe(on, options);
  }

  async positions(symbol?: string, options: CommandOptions = {}): Promise<readonly Position[]> {
    const exchange = await this.#prepare(options, symbol);
    const ask = (it: CcxtExchange) => it.fetchPositions(symbol === undefined ? undefined : [symbol]);
    const rows = await this.bridge.ask('fetchPositions', exchange, ask, options);
    return rows.map((row) => positionOf(this.bridge.venue, row)).filter(({ amount }) => Number(amount) !== 0);
  }

  async setLeverage(symbol: string, leverage: number, options: CommandOptions = {}): Promise<void> {
    const { venue } = this.bridge;
    if (!Number.isSafeInteger(leverage) || leverage < 1) {
      throw new SpeedError('invalid-request', `leverage must be a whole number from 1 on and is ${leverage}`, { venue });
    }
    const exchange = await this.#prepare(options, symbol);
    await this.bridge.ask('setLeverage', exchange, (it) => it.setLeverage(leverage, symbol), options);
  }

  async setMarginMode(symbol: string, mode: 'cross' | 'isolated', options: CommandOptions = {}): Promise<void> {
    const exchange = await this.#prepare(options, symbol);
    try {
      await this.bridge.ask('setMarginMode', exchange, (it) => it.setMarginMode(mode, symbol), options);
    } catch (error) {
      // Already so.
      if ((error as { readonly cause?: Error }).cause?.constructor.name !== 'MarginModeAlreadySet') throw error;
    }
  }

  async hedgeMode(options: CommandOptions = {}): Promise<boolean> {
    const exchange = await this.#prepare(options);
    return (await this.bridge.ask('fetchPositionMode', exchange, (it) => it.fetchPositionMode(), options)).hedged === true;
  }

  async setHedgeMode(on: boolean, options: CommandOptions = {}): Promise<void> {
    const exchange = await this.#prepare(options);
    await this.bridge.ask('setPositionMode', exchange, (it) => it.setPositionMode(on), options);
  }

  async #prepare(options: CallOptions, symbol?: string): Promise<CcxtExchange> {
    const exchange = this.bridge.signed();
    await this.bridge.reference.instruments(options);
    if (symbol !== undefined) await this.bridge.reference.instrument(symbol, options);
    return exchange;
  }
}
