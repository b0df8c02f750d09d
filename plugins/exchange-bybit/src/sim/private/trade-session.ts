import type { Account, Peer } from '@speed-protocol/simulator';
import { type Request, Session } from '../streams/session.js';
import { checkTime, logIn } from '../trading/authenticate.js';
import { type Answer, COMMANDS, type CommandRoom } from '../trading/commands.js';
import type { Fields } from '../trading/orders.js';
import { say, VenueError } from '../venue-error.js';
import type { AccountSessionParts } from './session.js';

interface TradeRequest extends Request {
  readonly reqId?: unknown;
  readonly header?: Readonly<Record<string, string | undefined>>;
}

interface Outcome extends Partial<Omit<Answer, 'error'>> {
  readonly error?: { readonly code: number; readonly message: string } | undefined;
}

const PREFIX = 'order.';
const DEFAULT_WINDOW = '5000';

/** One client's order socket: the connection is signed, its frames are not. https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline */
export class TradeSession extends Session {
  account: Account | undefined;
  readonly #ids = new Set<string>();

  constructor(
    peer: Peer,
    private readonly parts: AccountSessionParts,
    private readonly commands: CommandRoom,
  ) {
    super(peer, parts.clock);
  }

  override get isLoggedIn(): boolean {
    return this.account !== undefined;
  }

  protected serve(request: TradeRequest): void {
    const { op, args, reqId } = request;
    const list = Array.isArray(args) ? args : [];
    if (op === 'ping') return void this.#answer(request, { result: [String(this.parts.desk.now())] }, 'pong');
    if (op === 'auth') return void this.#logIn(list, request);
    const name = String(op).slice(PREFIX.length);
    try {
      if (!String(op).startsWith(PREFIX) || !Object.hasOwn(COMMANDS, name)) throw new VenueError(10404, 'op type is not found');
      if (!this.account) throw new VenueError(10004, 'not logged in');
      this.#checkId(reqId);
      this.#checkTime(request);
      this.#tell(request, this.commands.carryOut(this.account, name, list[0] as Fields));
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#answer(request, { error });
    }
  }

  #logIn(args: readonly unknown[], request: TradeRequest): void {
    if (this.account) return void this.#answer(request, { error: { code: 20001, message: 'Repeat auth' } });
    try {
      this.account = logIn(this.parts.desk.accounts, args, this.parts.desk.now());
      this.#answer(request, {});
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#answer(request, { error });
    }
  }

  /** @throws VenueError 20006 */
  #checkId(id: unknown): void {
    if (id === undefined) return;
    const text = String(id);
    if (text.length > 36) throw say.wrong('reqId is longer than 36');
    if (this.#ids.has(text)) throw new VenueError(20006, 'reqId is duplicate');
    this.#ids.add(text);
  }

  /** @throws VenueError 10001, 10002 */
  #checkTime({ header }: TradeRequest): void {
    const { 'X-BAPI-TIMESTAMP': time, 'X-BAPI-RECV-WINDOW': window = DEFAULT_WINDOW } = header ?? {};
    if (time === undefined) throw say.wrong('X-BAPI-TIMESTAMP is required');
    checkTime(String(time), String(window), this.parts.desk.now());
  }

  /** Nobody knows what became of it when the venue fails. */
  #tell(request: TradeRequest, answer: Answer): void {
    const failure = () => this.#text(request, { error: { code: 10016, message: 'Server error' } });
    this.peer.answer(this.#text(request, answer), { orders: answer.results.map(({ act }) => act), failure });
  }

  #answer(request: TradeRequest, outcome: Outcome, op?: string): void {
    this.send(this.#text(request, outcome, op));
  }

  #text({ reqId, op }: TradeRequest, { error, result, retExtInfo, headers }: Outcome, answered = op): string {
    return JSON.stringify({
      ...(reqId !== undefined && { reqId: String(reqId) }),
      retCode: error?.code ?? 0,
      retMsg: error?.message ?? 'OK',
      op: answered,
      ...(result !== undefined && { data: result }),
      ...(retExtInfo !== undefined && { retExtInfo }),
      ...(headers !== undefined && { header: { ...headers, Traceid: this.connId, Timenow: String(this.parts.desk.now()) } }),
      connId: this.connId,
    });
  }
}
