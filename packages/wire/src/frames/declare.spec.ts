import type { Levels } from '@speed-protocol/core';
import { describe, expectTypeOf, it } from 'vitest';
import { compile } from './compile.js';
import {
  bool,
  type Fields,
  frame,
  id,
  int,
  levels,
  list,
  literal,
  num,
  object,
  optional,
  type Rows,
  skip,
  text,
} from './declare.js';

describe('types of fields', () => {
  const declaration = frame({
    stream: skip(),
    gone: optional(skip()),
    e: literal('trade'),
    i: int(),
    n: optional(num()),
    d: id(),
    t: optional(text()),
    b: bool(),
    ob: optional(bool()),
    l: levels(),
    o: object({ x: int() }),
    oo: optional(object({ x: int() })),
    r: list(object({ k: text() })),
  });

  it('follow from the declaration', () => {
    const { fields } = compile(declaration);
    expectTypeOf(fields).toEqualTypeOf<Fields<typeof declaration>>();
    expectTypeOf<keyof typeof fields>().toEqualTypeOf<'e' | 'i' | 'n' | 'd' | 't' | 'b' | 'ob' | 'l' | 'o' | 'oo' | 'r'>();
    expectTypeOf(fields.e).toEqualTypeOf<'trade'>();
    expectTypeOf(fields.i).toEqualTypeOf<number>();
    expectTypeOf(fields.n).toEqualTypeOf<number>();
    expectTypeOf(fields.d).toEqualTypeOf<string>();
    expectTypeOf(fields.b).toEqualTypeOf<boolean>();
    expectTypeOf(fields.l).toEqualTypeOf<Levels>();
    expectTypeOf(fields.r).toEqualTypeOf<Rows<{ readonly k: string }>>();
  });

  it('say what may be absent', () => {
    type F = Fields<typeof declaration>;
    expectTypeOf<F['t']>().toEqualTypeOf<string | null>();
    expectTypeOf<F['ob']>().toEqualTypeOf<boolean | null>();
    expectTypeOf<F['o']>().toEqualTypeOf<{ readonly x: number }>();
    expectTypeOf<F['oo']>().toEqualTypeOf<{ readonly x: number } | null>();
  });
});
