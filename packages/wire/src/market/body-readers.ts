import { frame, list, object, type Rows, type Shape, type ShapeFields } from '../frames/index.js';
import { frameReader, type TextReader } from './collector.js';
import type { Outlet } from './outlet.js';

/** Tells what one row, or the one object, of a body says. */
type Told<S extends Shape, E> = (out: Outlet) => (row: ShapeFields<S>, envelope: E) => void;

/** Where the content of a body stands. */
interface EnvelopeSpec<E extends object> {
  /** The body around its content. */
  shape(content: Shape[string]): Shape;
  /** The content, out of the fields of that shape. */
  contentOf(fields: E): unknown;
}

/** Readers of bodies in one envelope. */
interface BodyReaders<E> {
  /** Of a body that is about one thing. */
  one<const S extends Shape>(what: string, shape: S, told: Told<S, E>): TextReader;
  /** Of a body that is a list of rows. */
  many<const S extends Shape>(what: string, shape: S, told: Told<S, E>): TextReader;
}

/** Makes readers of a venue's bodies from the shapes and handlers of its streams. */
export function bodiesIn<E extends object>({ shape: around, contentOf }: EnvelopeSpec<E>): BodyReaders<E> {
  const read = (what: string, content: Shape[string], start: (out: Outlet) => (fields: E) => void) =>
    frameReader({ what, frame: frame(around(content)), start: start as never });
  return {
    one: <S extends Shape>(what: string, shape: S, told: Told<S, E>) =>
      read(what, object(shape), (out) => {
        const tell = told(out);
        return (fields) => tell(contentOf(fields) as ShapeFields<S>, fields);
      }),
    many: <S extends Shape>(what: string, shape: S, told: Told<S, E>) =>
      read(what, list(object(shape)), (out) => {
        const tell = told(out);
        return (fields) => {
          const rows = contentOf(fields) as Rows<ShapeFields<S>>;
          for (let i = 0; i < rows.length; i++) tell(rows.at(i), fields);
        };
      }),
  };
}
