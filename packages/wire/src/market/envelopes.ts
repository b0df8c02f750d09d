import { type FieldNode, type FrameNode, frame, list, object, type Rows, type Shape, type ShapeFields } from '../frames/index.js';
import { type FrameReader, frameReader, type TextReader } from './collector.js';
import { type Handler, namedBy } from './handlers.js';
import type { Outlet } from './outlet.js';
import type { DepthPolicy } from './rows.js';

/** What a message is, wrapper included, and what reads it: goes into topic rows and readers as it is. */
export interface Reading {
  readonly frame: FrameNode;
  readonly start: (out: Outlet) => (fields: ShapeFields<Shape>) => void;
}

/** One kind of topic: what it sends, and of books with their changes how these link up. */
export interface Channel extends Reading {
  readonly depth?: DepthPolicy;
}

/** Where the content of a message or a body stands. */
interface EnvelopeSpec<E extends object> {
  /** The message around its content. */
  shape(content: FieldNode): Shape;
  /** The content, out of the fields of that shape. */
  contentOf(fields: E): unknown;
  /** The field by which rows name their instrument, those that do. */
  readonly named?: string;
}

/** What comes in one envelope, from the shape and the handler of its rows. */
interface Envelope<E> {
  /** About one thing. */
  one<const S extends Shape>(shape: S, handler: Handler<ShapeFields<NoInfer<S>>, E>): Reading;
  /** A list of rows. */
  many<const S extends Shape>(shape: S, handler: Handler<ShapeFields<NoInfer<S>>, E>): Reading;
}

/** Makes what reads the messages of a venue, which are alike but for their content. */
export function envelope<E extends object>({ shape: around, contentOf, named = '' }: EnvelopeSpec<E>): Envelope<E> {
  const reading = (content: FieldNode, start: (out: Outlet) => (fields: E) => void): Reading => ({
    frame: frame(around(content)),
    start: start as never,
  });
  const naming = <T>(shape: Shape, handler: Handler<T, E>): Handler<T, E> => {
    const kind = shape[named]?.kind;
    if (kind === undefined || kind === 'skip') return handler;
    return namedBy((row) => (row as Readonly<Record<string, string | null>>)[named]!, handler);
  };
  return {
    one: <S extends Shape>(shape: S, handler: Handler<ShapeFields<NoInfer<S>>, E>) =>
      reading(object(shape), (out) => {
        const tell = naming(shape, handler)(out);
        return (fields) => tell(contentOf(fields) as ShapeFields<S>, fields);
      }),
    many: <S extends Shape>(shape: S, handler: Handler<ShapeFields<NoInfer<S>>, E>) =>
      reading(list(object(shape)), (out) => {
        const tell = naming(shape, handler)(out);
        return (fields) => {
          const rows = contentOf(fields) as Rows<ShapeFields<S>>;
          for (let i = 0; i < rows.length; i++) tell(rows.at(i), fields);
        };
      }),
  };
}

/** Readers of channels by name, for captures. */
export function readersOf(channels: Readonly<Record<string, Channel>>): Readonly<Record<string, FrameReader>> {
  const read = ([what, { depth, ...reading }]: readonly [string, Channel]) =>
    [what, frameReader({ what, ...reading, rule: depth?.rule })] as const;
  return Object.fromEntries(Object.entries(channels).map(read));
}

/** Several fields of one kind, in the order in which they are sent. */
export function fields<F extends FieldNode, const N extends string>(node: F, ...names: readonly N[]): { readonly [K in N]: F } {
  return Object.fromEntries(names.map((name) => [name, node])) as { readonly [K in N]: F };
}

/** Readers of bodies in one envelope. */
interface BodyReaders<E> {
  /** Of a body that is about one thing. */
  one<const S extends Shape>(what: string, shape: S, handler: Handler<ShapeFields<NoInfer<S>>, E>): TextReader;
  /** Of a body that is a list of rows. */
  many<const S extends Shape>(what: string, shape: S, handler: Handler<ShapeFields<NoInfer<S>>, E>): TextReader;
}

/** Makes readers of a venue's bodies from the shapes and handlers of its streams. */
export function bodiesIn<E extends object>(spec: EnvelopeSpec<E>): BodyReaders<E> {
  const inside = envelope(spec);
  return {
    one: (what, shape, handler) => frameReader({ what, ...inside.one(shape, handler) }),
    many: (what, shape, handler) => frameReader({ what, ...inside.many(shape, handler) }),
  };
}
