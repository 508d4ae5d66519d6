// How many pods were ready over the seconds after a write, as a small drawing of steps.
import type { ReactElement } from 'react';
import { plain } from '../ui/others-words.ts';
import { useWords } from '../words/words.ts';
import type { Point, Series } from './sample-series.ts';

/** Units of the drawing, not pixels: it grows with its place. */
const [WIDTH, HEIGHT, PAD] = [220, 48, 4];

const stepsPath = (points: readonly Point[], countOf: (point: Point) => number, scale: Scale): string =>
  points
    .map((point, at) => {
      const [x, y] = [scale.x(point.at), scale.y(countOf(point))];
      return at === 0 ? `M${x} ${y}` : `H${x}V${y}`;
    })
    .join('');

interface Scale {
  x(seconds: number): number;
  y(count: number): number;
}

const scaleOf = (points: readonly Point[]): Scale => {
  const end = Math.max(1, ...points.map(({ at }) => at));
  const most = Math.max(1, ...points.flatMap(({ ready, desired }) => [ready, desired]));
  return {
    x: (seconds) => Number((PAD + (seconds / end) * (WIDTH - 2 * PAD)).toFixed(1)),
    y: (count) => Number((HEIGHT - PAD - (count / most) * (HEIGHT - 2 * PAD)).toFixed(1)),
  };
};

export function SamplesChart({ series }: { series: Series }): ReactElement | null {
  const words = useWords();
  const { points, target, direction, troubles, passed } = series;
  const last = points.at(-1);
  if (last === undefined) return null;
  const scale = scaleOf(points);
  const way = direction === 'forward' ? words.proposal.forward : words.proposal.backward;
  const summary = `${target}, ${way}: ${last.ready} / ${last.desired} ${words.proposal.ready}`;
  return (
    <figure className="chart">
      <figcaption>
        <code>{plain(target)}</code> <span className="pill tone-quiet">{way}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary}>
        <path className="line-desired" d={stepsPath(points, ({ desired }) => desired, scale)} />
        <path className={`line-ready ${direction}`} d={stepsPath(points, ({ ready }) => ready, scale)} />
        {points.map((point) => (
          <circle key={point.at} cx={scale.x(point.at)} cy={scale.y(point.ready)} r="2.2">
            <title>{`${point.at.toFixed(0)} s: ${point.ready} / ${point.desired}`}</title>
          </circle>
        ))}
      </svg>
      <span className="muted small-text">
        {last.ready} / {last.desired} {words.proposal.ready}, {last.at.toFixed(0)} s
      </span>
      {passed.length > 0 && (
        <span className="muted small-text">
          {' '}
          {words.proposal.onTheWay}: {plain(passed.join(', '))}
        </span>
      )}
      {troubles.length > 0 && <span className="bad-text small-text"> {plain(troubles.join(', '))}</span>}
    </figure>
  );
}
