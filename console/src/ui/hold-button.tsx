// A button that must be held, so that a stray tap does nothing; by pointer, by Enter or space, or by two presses of a screen reader.
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';

interface HoldButtonProps {
  readonly onHeld: () => void;
  readonly disabled: boolean;
  readonly label: ReactNode;
  readonly holding: ReactNode;
  readonly again: ReactNode;
  readonly testid: string;
  readonly describedBy?: string;
}

/** Milliseconds that it must be held; styles/proposal.css fills it in the same time. */
export const HOLD_MS = 800;
/** A press without a pointer (a screen reader's) must be followed by another within so many milliseconds. */
const AGAIN_MS = 5_000;

export function HoldButton(props: HoldButtonProps): ReactElement {
  const { onHeld, disabled, label, holding, again, testid, describedBy } = props;
  const [phase, setPhase] = useState<'idle' | 'holding' | 'again'>('idle');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wasHeld = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  const begin = (): void => {
    if (disabled || phase === 'holding') return;
    wasHeld.current = true;
    setPhase('holding');
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setPhase('idle');
      onHeld();
    }, HOLD_MS);
  };
  const end = (): void => {
    if (phase !== 'holding') return;
    clearTimeout(timer.current);
    setPhase('idle');
  };
  const press = (): void => {
    // The click that follows a hold says nothing new; one that follows none comes from a screen reader or voice control.
    if (wasHeld.current) {
      wasHeld.current = false;
      return;
    }
    clearTimeout(timer.current);
    if (phase === 'again') {
      setPhase('idle');
      onHeld();
      return;
    }
    setPhase('again');
    timer.current = setTimeout(() => setPhase('idle'), AGAIN_MS);
  };
  const isHoldKey = (key: string): boolean => key === 'Enter' || key === ' ';
  return (
    <button
      type="button"
      className={`primary hold ${phase}`}
      data-testid={testid}
      disabled={disabled}
      aria-describedby={describedBy}
      onPointerDown={(event) => event.button === 0 && begin()}
      onPointerUp={end}
      onPointerLeave={end}
      onPointerCancel={end}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isHoldKey(event.key)) return;
        event.preventDefault();
        if (!event.repeat) begin();
      }}
      onKeyUp={(event) => {
        if (!isHoldKey(event.key)) return;
        event.preventDefault();
        end();
        wasHeld.current = false;
      }}
      onBlur={end}
      onClick={press}
    >
      <span aria-live="polite">{phase === 'holding' ? holding : phase === 'again' ? again : label}</span>
    </button>
  );
}
