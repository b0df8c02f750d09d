import type { Route } from '../session/index.js';
import type { Attachment } from './attachment.js';
import { Waiting } from './waiting.js';

/**
 * Which connection's attachment is heard. During a rotation two connections carry the topic: the old one is heard until
 * it has reached the first frame of the new one; what the new one has brought meanwhile waits, and is given then. So
 * nothing is lost and nothing repeated, whichever of the two is behind.
 */
export class Succession {
  active: Attachment | undefined;
  private successor: Attachment | undefined;

  /** @param lost called when a hand-over has left something out */
  constructor(private readonly lost: () => void) {}

  add(attachment: Attachment): void {
    if (!this.active) {
      this.active = attachment;
      return;
    }
    this.successor = attachment;
    attachment.waiting = new Waiting();
    this.active.overlapped = true;
  }

  /** @returns true when the attachment was heard and nobody takes its place */
  remove(route: Route): boolean {
    if (route === this.successor) this.dropSuccessor();
    if (route !== this.active) return false;
    if (this.successor) {
      this.swap();
      return false;
    }
    this.active.stop();
    this.active = undefined;
    return true;
  }

  /** Swaps as soon as the old connection has reached the first frame of the new one. */
  tryTakeOver(): void {
    const waiting = this.successor?.waiting;
    if (!this.active || !waiting?.hasBegun) return;
    const { depth, reached } = this.active;
    const broken = depth !== undefined && depth.sequencer.state !== 'live';
    // Neither number nor time: the new connection is heard from its first frame on.
    if (broken || Number.isNaN(waiting.entry) || reached >= waiting.entry) this.swap();
  }

  /** The overlap has lasted long enough. */
  takeOver(route: Route): void {
    if (route === this.successor) this.swap();
  }

  stop(): void {
    this.active?.stop();
    this.successor?.stop();
  }

  private dropSuccessor(): void {
    this.successor?.stop();
    this.successor = undefined;
    if (this.active) this.active.overlapped = false;
  }

  private swap(): void {
    const { active, successor } = this;
    if (!active || !successor) return;
    const entry = successor.waiting?.entry ?? Number.NaN;
    active.stop();
    this.active = successor;
    this.successor = undefined;
    // Frames between the two went to the old connection alone, which is not heard any more. Books find out themselves.
    if (!successor.depth && !Number.isNaN(entry) && !(active.reached >= entry)) this.lost();
    successor.takeOver(active);
  }
}
