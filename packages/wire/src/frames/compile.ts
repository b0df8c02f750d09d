import { createFields } from './accessors.js';
import type { Fields, ObjectNode } from './declare.js';
import { generateScanner, type KeyOrder, type Scanner } from './generate/generate.js';
import { instantiate } from './generate/instantiate.js';
import { type Guard, interpret } from './interpret/interpret.js';
import { keyOrder } from './interpret/key-order.js';
import { type FramePlan, planFrame } from './plan.js';
import { scanLevels } from './scan/levels.js';
import { scanInt, scanNum } from './scan/numbers.js';
import { digitsEnd, plainEnd } from './scan/runs.js';
import { skipValue } from './scan/skip.js';
import { scanBool, scanId, skipAbsent, space, stringClose } from './scan/strings.js';
import { counters, leadPowers, MISSES, powers } from './scan/tables.js';
import { scanTaggedLevels } from './scan/tagged-levels.js';
import { train } from './scan/train.js';
import { bytes, CAPACITY, knownValue, levelValues, load, loadedText, words } from './scratch.js';
import { FrameStore } from './store.js';

/** A decoder of one declaration. */
export interface CompiledFrame<D> {
  /**
   * The fields of the frame decoded last: one object, always the same. Texts, ids and levels are valid until the next
   * frame is loaded (by any decoder); the rest until this decoder's next frame. Read them, or copy what you keep.
   */
  readonly fields: Fields<D>;
  /** Loads a frame and decodes it. False when it is refused: then {@link problem} says why and the fields mean nothing. */
  decode(frame: Uint8Array): boolean;
  /** Decodes the frame that `load` put into the scratch buffer. */
  decodeLoaded(length: number): boolean;
  /** Why the last frame was refused: which field, what was expected, at which offset. Empty when it was not. */
  readonly problem: string;
  /** Frames that the scanner left to the slow path, refused ones included. */
  readonly slowPathCount: number;
}

/**
 * Compiles a declaration into a decoder.
 * @throws SpeedError `config` when the declaration makes no sense
 */
export function compile<D extends ObjectNode>(declaration: D): CompiledFrame<D> {
  return new Decoder(declaration);
}

/** For tests: a decoder that lacks one check. */
export function compileWithout<D extends ObjectNode>(declaration: D, guard: Guard): CompiledFrame<D> {
  return new Decoder(declaration, guard);
}

/** For tests: a decoder that takes every frame on the slow path. */
export function compileSlow<D extends ObjectNode>(declaration: D): CompiledFrame<D> {
  return new Decoder(declaration, 'scanner');
}

const ROWS_FULL = -2;
/** Frames in another key order than expected before the scanner is made anew; four times as many after each time. */
const FIRST_PATIENCE = 8;
const MAX_REGENERATIONS = 6;

class Decoder<D extends ObjectNode> implements CompiledFrame<D> {
  readonly fields: Fields<D>;
  problem = '';
  slowPathCount = 0;
  private readonly plan: FramePlan;
  private readonly store: FrameStore;
  private order: KeyOrder = new Map();
  private scanner: Scanner;
  private misses = 0;
  private patience = FIRST_PATIENCE;
  private regenerations = 0;

  constructor(
    declaration: D,
    private readonly without?: Guard,
  ) {
    train();
    this.plan = planFrame(declaration);
    this.store = new FrameStore(this.plan);
    this.fields = createFields(this.store, this.plan.root.object) as Fields<D>;
    this.scanner = this.generate();
  }

  decode(frame: Uint8Array): boolean {
    return this.decodeLoaded(load(frame));
  }

  decodeLoaded(length: number): boolean {
    if (length > CAPACITY || this.without === 'scanner') return this.decodeSlowly(length);
    const end = this.scanner.scanExpected();
    if (!this.ends(end, length)) return this.decodeOther(length);
    if (counters[MISSES] !== 0) this.missed(length);
    return this.accept();
  }

  /** A frame in no expected form: with white space, longer than ever, wrong. */
  private decodeOther(length: number): boolean {
    const end = this.scanner.scanAny();
    if (this.ends(end, length)) return this.accept();
    if (end !== ROWS_FULL) return this.decodeSlowly(length);
    this.growRows();
    return this.decodeLoaded(length);
  }

  private ends(end: number, length: number): boolean {
    return end === length || (this.without === 'fast.end' && end > 0);
  }

  private accept(): boolean {
    if (this.store.levels !== levelValues) this.store.levels = levelValues;
    this.problem = '';
    return true;
  }

  private decodeSlowly(length: number): boolean {
    this.slowPathCount++;
    const { generation } = this.store;
    this.problem = interpret(this.plan, this.store, loadedText(length), this.without) ?? '';
    if (this.store.generation !== generation) this.scanner = this.generate();
    return this.problem === '';
  }

  private growRows(): void {
    const full = this.store.records.findIndex((record, index) => index > 0 && this.store.rows[index] === record.capacity);
    this.store.grow(full);
    this.scanner = this.generate();
  }

  /** Learns the key order of the frame once enough frames came in another than the expected one. */
  private missed(length: number): void {
    if (++this.misses < this.patience || this.regenerations === MAX_REGENERATIONS) return;
    this.misses = 0;
    this.patience *= 4;
    this.regenerations++;
    this.order = keyOrder(this.plan, loadedText(length));
    this.scanner = this.generate();
  }

  private generate(): Scanner {
    const arrays = Object.fromEntries(
      this.store.records.flatMap(({ plan, numbers, ints }) => [
        [`N${plan.index}`, numbers],
        [`I${plan.index}`, ints],
      ]),
    );
    const capacities = this.store.records.map((record) => record.capacity);
    const scope = { ...SCANNERS, ...arrays, rows: this.store.rows, capacities };
    return instantiate<Scanner>(generateScanner(this.plan, this.order, this.without), scope);
  }
}

/** What generated code may use, by the names it uses. */
const SCANNERS = {
  B: bytes,
  D: words,
  LEAD: leadPowers,
  POWERS: powers,
  known: knownValue,
  counters,
  scanInt,
  scanNum,
  scanId,
  digitsEnd,
  plainEnd,
  scanBool,
  scanLevels,
  scanTaggedLevels,
  skipValue,
  skipAbsent,
  space,
  stringClose,
};
