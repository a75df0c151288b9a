// Working sets of each muscle in the week.

import { Bars } from '../../pieces/bars';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { words } from '../../values/number';

const sets = (value: number) => `${value} ${value === 1 ? 'set' : 'sets'}`;

export function MuscleVolume({ sets: of }: { sets: Record<string, number> }) {
  const bars = Object.entries(of)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([muscle, value]) => ({ name: words(muscle), value }));
  return (
    <Panel title="Volume per muscle" aside="working sets in the week, half for a muscle that helps">
      {bars.length === 0 ? (
        <Empty title="Nothing to count">No exercise of this plan is one that we know, or the week has no working sets.</Empty>
      ) : (
        <Bars label="Working sets per muscle" bars={bars} format={sets} />
      )}
    </Panel>
  );
}
