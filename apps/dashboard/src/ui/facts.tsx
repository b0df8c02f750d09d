import type { ComponentChildren } from 'preact';

interface FactProps {
  readonly label: string;
  readonly children: ComponentChildren;
  /** `up` or `down` where the sign has a colour. */
  readonly tone?: string;
  /** `is-old` when the figure is not current. */
  readonly old?: string;
}

/** One figure with its name. */
export function Fact({ label, children, tone = '', old = '' }: FactProps) {
  return (
    <div class={`fact ${old}`}>
      <dt>{label}</dt>
      <dd class={tone}>{children}</dd>
    </div>
  );
}
