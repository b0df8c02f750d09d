import { decimal, type Instrument } from '@speed-protocol/core';

const SPOT: Instrument = {
  venue: 'sim',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  kind: 'spot',
  status: 'open',
  base: 'BTC',
  quote: 'USDT',
  contractSize: decimal('1'),
  tickSize: decimal('0.1'),
  lotSize: decimal('0.001'),
};

export const spot = SPOT;

export const linear: Instrument = {
  ...SPOT,
  symbol: 'BTC/USDT:USDT',
  kind: 'perpetual',
  settle: 'USDT',
  inverse: false,
  contractSize: decimal('0.01'),
};

export const inverse: Instrument = {
  ...SPOT,
  symbol: 'BTC/USD:BTC',
  kind: 'perpetual',
  quote: 'USD',
  settle: 'BTC',
  inverse: true,
  contractSize: decimal('100'),
};
