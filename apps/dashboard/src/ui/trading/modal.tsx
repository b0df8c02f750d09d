import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface ModalProps {
  readonly title: string;
  /** What confirming does, as the button says it. */
  readonly action: string;
  readonly tone: 'buy' | 'sell' | 'danger';
  readonly busy: boolean;
  readonly children: ComponentChildren;
  onConfirm(): void;
  onClose(): void;
}

/** A question that must be answered before anything happens: Enter confirms, Escape does not. */
export function Modal({ title, action, tone, busy, children, onConfirm, onClose }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the next key: what is pressed right after the question was asked belongs to it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="modal" aria-label={title} data-testid="confirm" onClose={onClose}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) onConfirm();
        }}
      >
        <h2>{title}</h2>
        {children}
        <div class="modal-actions">
          <button type="button" onClick={onClose}>
            Back
          </button>
          {/* biome-ignore lint/a11y/noAutofocus: the dialog was asked for, and its answer comes from the keyboard */}
          <button type="submit" class={`act ${tone}`} disabled={busy} data-testid="confirm-yes" autoFocus>
            {busy ? 'Sending…' : action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
