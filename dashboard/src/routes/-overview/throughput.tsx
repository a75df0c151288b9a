// What ended in each hour, or day.

import { useMemo } from 'react';
import type { Overview } from '../../api/figures';
import { Chart } from '../../pieces/chart';
import { Panel } from '../../pieces/page';
import { columns, DAY, HOUR } from '../../values/columns';
import { brief } from '../../values/number';

const OUTCOMES = [
  ['succeeded', '--series-1'],
  ['failed', '--series-5'],
  ['cancelled', '--quiet'],
] as const;

export function Throughput({ overview }: { overview: Overview }) {
  const span = overview.window_hours > 72 ? DAY : HOUR;
  const shown = useMemo(() => {
    const rows = overview.ended.flatMap((row) => OUTCOMES.map(([outcome]) => ({ at: row.at, outcome, runs: row[outcome] })));
    const drawn = columns(
      rows,
      overview.window_hours,
      span,
      (row) => row.outcome,
      (row) => row.runs,
    );
    return {
      ...drawn,
      series: drawn.series.map((each) => ({ ...each, color: OUTCOMES.find(([outcome]) => outcome === each.name)?.[1] ?? '--quiet' })),
    };
  }, [overview, span]);
  return (
    <Panel title={span === DAY ? 'Ended by day' : 'Ended by hour'}>
      <Chart label="Runs that ended" {...shown} format={brief} />
    </Panel>
  );
}
