import {
  bool,
  frame,
  id,
  int,
  levels,
  list,
  literal,
  num,
  type ObjectNode,
  object,
  optional,
  skip,
  taggedLevels,
  text,
} from '../declare.js';

/** Shapes that no venue sends all of, but that between them use everything a declaration can say. */
export const SYNTHETIC: Readonly<Record<string, ObjectNode>> = {
  scalars: frame({ i: int(), n: num(), d: id(), t: text(), b: bool(), l: literal('yes'), s: skip() }),
  optionals: frame({
    i: optional(int()),
    n: optional(num()),
    d: optional(id()),
    t: optional(text()),
    b: optional(bool()),
    l: optional(literal('yes')),
    v: optional(levels()),
    o: optional(object({ i: int(), t: optional(text()) })),
    r: optional(list(object({ i: int() }))),
    s: optional(skip()),
  }),
  /** Rows with levels, and lists in rows: the way OKX and others batch. */
  batches: frame({
    arg: object({ channel: text(), instId: text() }),
    data: list(
      object({
        ts: int(),
        seqId: id(),
        bids: levels(),
        asks: optional(levels()),
        fills: list(object({ px: num(), side: literal('buy'), maker: optional(bool()) })),
        info: object({ note: optional(text()), more: optional(object({ n: num() })) }),
      }),
    ),
  }),
  /** Levels that say first what became of them, as Deribit's do. */
  tagged: frame({ u: int(), pu: optional(int()), b: taggedLevels(), a: optional(taggedLevels()) }),
  /** More keys than one mask holds. */
  wide: frame(
    Object.fromEntries(
      Array.from({ length: 70 }, (_, i) => [`k${i}`, i % 3 === 0 ? int() : i % 3 === 1 ? optional(num()) : text()]),
    ),
  ),
  /** Keys that need care: escapes, not ASCII, of equal length, prefixes of one another, empty. */
  keys: frame({
    '': int(),
    a: int(),
    ab: num(),
    abc: id(),
    abd: text(),
    abcdefg: bool(),
    abcdefh: optional(int()),
    é: int(),
    'say "hi"': text(),
    'back\\slash': num(),
    toString: id(),
    type: literal('trade'),
  }),
};
