import { type CompiledFrame, compile, compileSlow } from '../compile.js';
import type { ObjectNode } from '../declare.js';
import { mutate } from './mutate.js';
import { expectedPlain } from './oracle.js';
import { type Plain, plainFields, samePlain } from './plain.js';
import { Random } from './random.js';
import { type Sample, Sampler } from './sample.js';
import { parseSyntax } from './syntax.js';

/** What a run found. `mismatches` and `crashes` must be 0. */
export interface FuzzRow {
  readonly decoder: string;
  readonly frames: number;
  accepted: number;
  refused: number;
  mismatches: number;
  crashes: number;
  /** Longest decode of one frame, ms. */
  maxMs: number;
  /** The first frames that went wrong, and how. */
  readonly failures: string[];
}

export interface FuzzOptions {
  readonly frames: number;
  readonly seed: number;
  /** One frame in this many is left whole. */
  readonly wholeOneIn?: number;
  /** The decoder to check instead of the compiled one: for checking the checker. */
  readonly decoder?: CompiledFrame<ObjectNode>;
  /** Stop once this many frames went wrong. */
  readonly stopAfter?: number;
  readonly onProgress?: (row: FuzzRow) => void;
}

const MAX_FAILURES = 5;
const PROGRESS_EVERY = 100_000;
/** Valid frames are dear to make: each is damaged this often. */
const MUTANTS_PER_SAMPLE = 32;
const WHOLE_ONE_IN = 8;
/** One frame in this many also goes through the slow path alone, and its syntax is compared with `JSON.parse`. */
const THOROUGH_ONE_IN = 4;

/**
 * Feeds a declaration's decoder with valid frames and damaged ones, always the same for a seed, and checks each three
 * ways: against what the frame was made from, against an independent reading of text and declaration (whose idea of
 * JSON is that of `JSON.parse`), and against the slow path alone.
 */
export function fuzzFrame(name: string, declaration: ObjectNode, options: FuzzOptions): FuzzRow {
  return new Fuzzer(name, declaration, options).run();
}

class Fuzzer {
  private readonly row: FuzzRow;
  private readonly random: Random;
  private readonly sampler: Sampler;
  private readonly decoder: CompiledFrame<ObjectNode>;
  private readonly slow: CompiledFrame<ObjectNode>;

  constructor(
    name: string,
    private readonly declaration: ObjectNode,
    private readonly options: FuzzOptions,
  ) {
    const { frames } = options;
    this.row = { decoder: name, frames, accepted: 0, refused: 0, mismatches: 0, crashes: 0, maxMs: 0, failures: [] };
    this.random = new Random(options.seed);
    this.sampler = new Sampler(this.random);
    this.decoder = options.decoder ?? compile(declaration);
    this.slow = compileSlow(declaration);
  }

  run(): FuzzRow {
    const { row, random, options } = this;
    let sample = this.sampler.frame(this.declaration);
    for (let i = 0; i < row.frames && row.mismatches + row.crashes < (options.stopAfter ?? Number.POSITIVE_INFINITY); i++) {
      if (i % MUTANTS_PER_SAMPLE === 0) sample = this.sampler.frame(this.declaration);
      if (random.oneIn(options.wholeOneIn ?? WHOLE_ONE_IN)) this.whole(sample);
      else this.mutant(mutate(Buffer.from(sample.text), random));
      if (i % PROGRESS_EVERY === 0) options.onProgress?.(row);
    }
    return row;
  }

  private whole({ text, plain }: Sample): void {
    const frame = Buffer.from(text);
    this.check(frame, frame.toString() === text ? plain : expectedPlain(this.declaration, frame.toString()));
  }

  private mutant(frame: Buffer): void {
    this.check(frame, expectedPlain(this.declaration, frame.toString()));
  }

  private check(frame: Buffer, expected: Plain | undefined): void {
    const thorough = this.random.oneIn(THOROUGH_ONE_IN);
    try {
      if (thorough && isJson(frame.toString()) !== (parseSyntax(frame.toString()) !== undefined))
        this.fail('mismatches', frame, 'the checker and JSON.parse differ on what is JSON');
      const { slowPathCount } = this.decoder;
      const found = this.decode(this.decoder, frame);
      if (found === undefined) this.row.refused++;
      else this.row.accepted++;
      if (!samePlain(found, expected)) this.fail('mismatches', frame, `expected ${show(expected)}, found ${show(found)}`);
      if (!thorough || found === undefined || this.decoder.slowPathCount > slowPathCount) return;
      const slow = this.decode(this.slow, frame);
      if (!samePlain(slow, expected))
        this.fail('mismatches', frame, `slow path: expected ${show(expected)}, found ${show(slow)}`);
    } catch (error) {
      this.fail('crashes', frame, String(error));
    }
  }

  private decode(decoder: CompiledFrame<ObjectNode>, frame: Buffer): Plain | undefined {
    const start = performance.now();
    const accepted = decoder.decode(frame);
    this.row.maxMs = Math.max(this.row.maxMs, performance.now() - start);
    if (accepted !== (decoder.problem === ''))
      throw new Error(`problem "${decoder.problem}" on an accepted frame, or none on a refused one`);
    return accepted ? plainFields(this.declaration, decoder.fields as Record<string, unknown>) : undefined;
  }

  private fail(what: 'mismatches' | 'crashes', frame: Buffer, why: string): void {
    this.row[what]++;
    if (this.row.failures.length < MAX_FAILURES) this.row.failures.push(`${why} in ${JSON.stringify(frame.toString('latin1'))}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function show(plain: Plain | undefined): string {
  return plain === undefined ? 'refusal' : (JSON.stringify(plain, (_, value) => (Number.isNaN(value) ? 'NaN' : value)) as string);
}
