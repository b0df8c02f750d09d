import type { Levels } from '@speed-protocol/core';

/**
 * What a frame looks like on the wire, as a tree of nodes. Nodes are class instances, so that a key of the data can
 * have any name. `T` is what reading the field gives, `A` what it gives when the field is optional.
 */
export abstract class FieldNode<out T = unknown, out A = unknown> {
  abstract readonly kind: NodeKind;
  /** Types only; never set. */
  declare readonly reads?: T;
  /** Types only; never set. */
  declare readonly readsOptional?: A;
}

export type NodeKind =
  | 'object'
  | 'list'
  | 'literal'
  | 'int'
  | 'num'
  | 'id'
  | 'text'
  | 'bool'
  | 'levels'
  | 'taggedLevels'
  | 'skip'
  | 'optional';

/** Keys and what they hold. Keys that a frame carries beyond these are skipped. */
export type Shape = { readonly [key: string]: FieldNode };

/** What reading an object with this shape gives. Skipped keys do not exist. */
export type ShapeFields<S extends Shape> = {
  readonly [K in keyof S as S[K] extends FieldNode<never, never> ? never : K]: S[K] extends FieldNode<infer T> ? T : never;
};

/** Fields of a declaration: `int`, `num` -> number, `id`, `text`, `literal` -> string, `object` -> nested fields ... */
export type Fields<D> = D extends FieldNode<infer T> ? T : never;

/** Rows of a list. The accessor that {@link at} returns is one object, reused: read what you need, then go on. */
export interface Rows<T> {
  readonly length: number;
  /** @throws RangeError when there is no such row */
  at(index: number): T;
}

export class ObjectNode<S extends Shape = Shape> extends FieldNode<ShapeFields<S>, ShapeFields<S> | null> {
  readonly kind = 'object';
  constructor(readonly shape: S) {
    super();
  }
}

/** The whole message, wrapper included. */
export class FrameNode<S extends Shape = Shape> extends ObjectNode<S> {}

export class ListNode<S extends Shape = Shape> extends FieldNode<Rows<ShapeFields<S>>, Rows<ShapeFields<S>>> {
  readonly kind = 'list';
  constructor(readonly row: ObjectNode<S>) {
    super();
  }
}

export class LiteralNode<V extends string = string> extends FieldNode<V, V | null> {
  readonly kind = 'literal';
  constructor(readonly value: V) {
    super();
  }
}

export class IntNode extends FieldNode<number, number> {
  readonly kind = 'int';
}

export class NumNode extends FieldNode<number, number> {
  readonly kind = 'num';
}

export class IdNode extends FieldNode<string, string | null> {
  readonly kind = 'id';
}

export class TextNode extends FieldNode<string, string | null> {
  readonly kind = 'text';
}

export class BoolNode extends FieldNode<boolean, boolean | null> {
  readonly kind = 'bool';
}

export class LevelsNode extends FieldNode<Levels, Levels> {
  readonly kind = 'levels';
}

export class TaggedLevelsNode extends FieldNode<Levels, Levels> {
  readonly kind = 'taggedLevels';
}

export class SkipNode extends FieldNode<never, never> {
  readonly kind = 'skip';
}

export class OptionalNode<A = unknown> extends FieldNode<A, A> {
  readonly kind = 'optional';
  constructor(readonly node: FieldNode<unknown, A>) {
    super();
  }
}

/** A whole message: its wrapper, its keys. */
export const frame = <const S extends Shape>(shape: S): FrameNode<S> => new FrameNode(shape);
/** An object inside a message. */
export const object = <const S extends Shape>(shape: S): ObjectNode<S> => new ObjectNode(shape);
/** An array of objects of one shape, of any length. */
export const list = <S extends Shape>(row: ObjectNode<S>): ListNode<S> => new ListNode(row);
/** A string that must be exactly this one; a frame with another is refused. */
export const literal = <const V extends string>(value: V): LiteralNode<V> => new LiteralNode(value);
/** An integer, as a JSON number or a string of digits; exact: beyond +-(2^53-1) the frame is refused. NaN when absent. */
export const int = (): IntNode => new IntNode();
/** A number, or a string that holds one; exactly `Number(text)`. Not finite: refused. NaN when absent. */
export const num = (): NumNode => new NumNode();
/** An id: a string, or an integer of any length as the digits that were sent. `null` when absent. */
export const id = (): IdNode => new IdNode();
/** A string. `null` when absent; `""` counts as absent when optional. */
export const text = (): TextNode => new TextNode();
export const bool = (): BoolNode => new BoolNode();
/** `[[price, size, ...ignored], ...]`, each a number or a string that holds one. No levels when absent. */
export const levels = (): LevelsNode => new LevelsNode();
/** `[[tag, price, size, ...ignored], ...]`: as {@link levels}, with a string first that says no more than the size does. */
export const taggedLevels = (): TaggedLevelsNode => new TaggedLevelsNode();
/** A known key whose value nobody wants: any JSON value, or none. Saying so makes it cheaper than an unknown key. */
export const skip = (): SkipNode => new SkipNode();
/** May be absent, `null` or `""`. */
export const optional = <A>(node: FieldNode<unknown, A>): OptionalNode<A> => new OptionalNode(node);
