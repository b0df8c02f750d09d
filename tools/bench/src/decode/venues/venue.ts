import type { FrameReader } from '@speed-protocol/wire';
import type { Kind, Market, Recording } from '../types.js';

/** A JSON message of a socket. */
export type Message = Readonly<Record<string, unknown>>;

/** Which stream a message belongs to. */
interface StreamOf {
  readonly kind: Kind;
  readonly venueSymbol: string;
}

export interface Venue {
  /** ccxt's id. */
  readonly id: string;
  /** Package of the plugin. */
  readonly plugin: string;
  /** How files of real captures begin. */
  readonly captures: string;
  /** Markets whose captures hold no listing. */
  readonly listed?: readonly Market[];
  /** `undefined`: of no interest. */
  streamOf(message: Message): StreamOf | undefined;
  /** Is this depth frame a whole book that those after it build on? Absent: the whole book comes over REST. */
  readonly isSnapshot?: (message: Message) => boolean;
  /** Captures of old as the venue sends them today, e.g. with the sequence numbers that it has added since. */
  readonly today?: (frames: readonly string[]) => readonly string[];
  readonly rest?: RestBook;
  readonly simulated: SimulatedStreams;
  readonly speed: SpeedPart;
  readonly ccxt: CcxtPart;
  readonly tardis: TardisPart;
}

/** The book that comes over REST. */
interface RestBook {
  /** Path with query, e.g. `/api/v3/depth?symbol=BTCUSDT&limit=1000`. */
  path(venueSymbol: string): string;
  /** The symbol of a captured request; `null` when the URL asks for something else. */
  symbolOf(url: URL): string | null;
  sequenceOf(body: Message): number;
  /** Does the frame end after the snapshot, so that it is applied? */
  isAfter(message: Message, sequence: number): boolean;
}

/** How to listen to the simulator. */
interface SimulatedStreams {
  /** Unified symbol of the market. */
  readonly symbol: string;
  /** What the venue wants to hear now and then. */
  readonly ping?: string;
  /** Sockets to open, and what to say on them. `ws` are the URLs that the simulator announces. */
  sockets(ws: Readonly<Record<string, string>>, venueSymbol: string): readonly { url: string; say: readonly string[] }[];
}

/** How SPEED's connector handles the venue's frames: its own readers and routing. */
interface SpeedPart {
  readonly paths: readonly (readonly string[])[];
  /** Texts at these paths. */
  parts(message: Message): readonly string[];
  reader(kind: Kind, message: Message): FrameReader;
}

interface CcxtPart {
  /** From the URL ccxt infers spot or contracts. */
  readonly url: string;
  /** What the caller of `watchOrderBook` and the like waits for. */
  hash(kind: Kind, symbol: string, message: Message): string;
}

interface TardisPart {
  readonly exchange: string;
  /** Its mappers are chosen by the time of the frames. */
  since(recording: Recording): Date;
  /** What it makes of the REST book; absent where the stream brings its own. */
  snapshot?(venueSymbol: string, body: unknown): unknown;
  /** False for streams that it does not map. */
  maps(kind: Kind, message: Message): boolean;
}
