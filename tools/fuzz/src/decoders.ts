import { SHAPES } from '@speed-protocol/exchange-binance/frames';
import { READERS as binance } from '@speed-protocol/exchange-binance/readers';
import { READERS as bybit } from '@speed-protocol/exchange-bybit/readers';
import { READERS as deribit } from '@speed-protocol/exchange-deribit/readers';
import { READERS as okx } from '@speed-protocol/exchange-okx/readers';
import { type FrameReader, frame, list, type ObjectNode, object, ParsedFrame, skip } from '@speed-protocol/wire';
import { SYNTHETIC } from '@speed-protocol/wire/fuzz';

type Row = readonly [name: string, declaration: ObjectNode];

/** What each exchange's sockets send. Messages that are read by hand have no declaration. */
const EXCHANGES: Readonly<Record<string, Readonly<Record<string, FrameReader>>>> = { binance, bybit, deribit, okx };

/** Several readers may share a declaration: it is listed under the first one's name. */
function declarations(exchange: string, readers: Readonly<Record<string, FrameReader>>): Row[] {
  const seen = new Set<unknown>();
  return Object.entries(readers).flatMap(([name, reader]): Row[] => {
    const declaration = reader.frame;
    if (declaration instanceof ParsedFrame || seen.has(declaration)) return [];
    seen.add(declaration);
    return [[`${exchange}.${name}`, declaration as ObjectNode]];
  });
}

/** The all-market streams send the same shapes in lists. */
const lists = (['ticker', 'markPrice', 'liquidation'] as const).map(
  (name): Row => [`binance.${name}.list`, frame({ stream: skip(), data: list(object(SHAPES[name])) })],
);

const live = Object.entries(EXCHANGES).flatMap(([exchange, readers]) => declarations(exchange, readers));
const synthetic = Object.entries(SYNTHETIC).map(([name, declaration]): Row => [`synthetic.${name}`, declaration]);

/** Every declaration that `--decoder` can name: the plugins', as they come live and in lists, and synthetic ones. */
export const DECODERS: ReadonlyMap<string, ObjectNode> = new Map([...live, ...lists, ...synthetic]);
