/** What the client needs from a WebSocket. */
export interface ClientSocket {
  /** Bytes accepted by `send` that have not left yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  /** Starts a close; `onClose` follows. */
  close(code?: number, reason?: string): void;
}

export interface SocketHandlers {
  onOpen(): void;
  onMessage(text: string): void;
  /** Exactly once, also when the socket never opened; `cause` says why where the platform tells. */
  onClose(code: number, reason: string, cause?: unknown): void;
}

/** Opens a WebSocket. Injected where neither the browser's nor `ws` fits. */
export type OpenSocket = (url: string, handlers: SocketHandlers) => ClientSocket;
