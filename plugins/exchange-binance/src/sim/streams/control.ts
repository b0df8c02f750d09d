/** What the control frames act on. */
export interface ControlTarget {
  combined: boolean;
  readonly streams: ReadonlySet<string>;
  subscribe(names: readonly string[]): boolean;
  unsubscribe(names: readonly string[]): void;
}

interface ControlFrame {
  readonly method?: unknown;
  readonly params?: unknown;
  readonly id?: unknown;
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
const KEYS = ['method', 'params', 'id'];
const MAX_ID_LENGTH = 36;
/** What may be a stream's name at all; names that are none of the streams' are taken and stay silent. */
const STREAM_NAME = /^[\p{L}\p{N}!@_.:+-]{1,200}$/u;

/** An error reply; the id is echoed when it could be read. */
class ControlError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** The JSON control frames of the stream sockets: text in, reply out. */
export class Control {
  readonly #target: ControlTarget;

  constructor(target: ControlTarget) {
    this.#target = target;
  }

  /** @returns the reply, or `undefined` when the connection must end: too many streams */
  handle(text: string): string | undefined {
    let frame: ControlFrame = {};
    // The id goes back letter for letter: a number beyond 2^53 would not survive JSON.parse.
    const id = rawId(text);
    try {
      frame = parse(text);
      const result = this.#run(frame);
      return result === undefined ? undefined : `{"result":${JSON.stringify(result)},"id":${id}}`;
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return `{"error":${JSON.stringify({ code: error.code, msg: error.message })},"id":${id}}`;
    }
  }

  /** The result to reply with; `undefined` ends the connection. */
  #run(frame: ControlFrame): unknown {
    checkId(frame.id);
    switch (frame.method) {
      case 'SUBSCRIBE':
        return this.#target.subscribe(streamNames(frame.params)) ? null : undefined;
      case 'UNSUBSCRIBE':
        this.#target.unsubscribe(streamNames(frame.params));
        return null;
      case 'LIST_SUBSCRIPTIONS':
        return [...this.#target.streams];
      case 'SET_PROPERTY':
        return this.#setProperty(frame.params);
      case 'GET_PROPERTY':
        checkProperty(frame.params);
        return this.#target.combined;
      default:
        throw unknownMethod(frame.method);
    }
  }

  #setProperty(params: unknown): null {
    checkProperty(params);
    const value: unknown = (params as unknown[])[1];
    if (typeof value !== 'boolean') throw new ControlError(1, 'Invalid value type: expected Boolean');
    this.#target.combined = value;
    return null;
  }
}

function parse(text: string): ControlFrame {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    throw new ControlError(3, 'Invalid JSON: expected value at line 1 column 1');
  }
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) {
    throw new ControlError(2, 'Invalid request: expected an object');
  }
  const extra = Object.keys(frame).find((key) => !KEYS.includes(key));
  if (extra !== undefined)
    throw new ControlError(2, `Invalid request: unknown field \`${extra}\`, expected one of method, params, id`);
  return frame;
}

/** The id exactly as it was written, or `null`. */
export function rawId(text: string): string {
  return /"id"\s*:\s*(-?\d+|"(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? 'null';
}

function checkId(id: unknown): void {
  const good =
    id === undefined ||
    id === null ||
    (typeof id === 'number' && Number.isInteger(id)) ||
    (typeof id === 'string' && id.length <= MAX_ID_LENGTH);
  if (!good)
    throw new ControlError(2, 'Invalid request: request ID must be an integer, a string of at most 36 characters or null');
}

function streamNames(params: unknown): readonly string[] {
  if (!Array.isArray(params) || !params.every((name) => typeof name === 'string')) {
    throw new ControlError(2, 'Invalid request: params must be an array of strings');
  }
  if (!params.every((name) => STREAM_NAME.test(name))) throw new ControlError(2, 'Invalid request: invalid stream');
  return params;
}

function checkProperty(params: unknown): void {
  const name: unknown = Array.isArray(params) ? params[0] : undefined;
  if (typeof name !== 'string') throw new ControlError(2, 'Invalid request: property name must be a string');
  if (name !== 'combined') throw new ControlError(0, 'Unknown property');
  if ((params as unknown[]).length > 2) throw new ControlError(2, 'Invalid request: too many parameters');
}

function unknownMethod(method: unknown): ControlError {
  if (method === undefined) return new ControlError(2, 'Invalid request: missing field `method` at line 1 column 1');
  return new ControlError(
    2,
    `Invalid request: unknown variant ${String(method)}, expected one of ${METHODS.join(', ')} at line 1 column 1`,
  );
}
