/** A series as a line without axes: its shape over the time that the server remembers. */

const WIDTH = 240;
const HEIGHT = 36;
const MARGIN = 2;

export interface SparklineProps {
  values: readonly (number | null)[];
  /** Places from the left edge to the right one; fewer values leave the left empty. */
  capacity: number;
  /** Least value of the upper edge, so that noise around nothing stays low. */
  least: number;
}

export function Sparkline({ values, capacity, least }: SparklineProps) {
  const top = Math.max(least, ...values.map((value) => value ?? 0));
  const first = capacity - values.length;
  let path = "";
  let isPenDown = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) {
      const x = ((first + index) / Math.max(1, capacity - 1)) * WIDTH;
      const y = HEIGHT - MARGIN - (value / top) * (HEIGHT - 2 * MARGIN);
      path += `${isPenDown ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      // A single value between gaps would be a line of no length.
      if (!isPenDown) path += "h0.1";
    }
    isPenDown = value !== null;
  }
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
