// The sums of the window.

import type { Spent } from '../../api/figures';
import { Figure, Figures } from '../../pieces/figure';
import { brief, count, money } from '../../values/number';

export function Totals({ rows }: { rows: Spent[] }) {
  const sum = (value: (row: Spent) => number) => rows.reduce((total, row) => total + value(row), 0);
  const calls = sum((row) => row.calls);
  const cost = sum((row) => row.cost);
  const days = new Set(rows.map((row) => row.at)).size;
  return (
    <Figures>
      <Figure name="Spent" note={days === 1 ? 'on 1 day' : `on ${count(days)} days`}>
        {money(cost)}
      </Figure>
      <Figure name="Calls of models" note={calls > 0 && `${money(cost / calls)} a call`}>
        {brief(calls)}
      </Figure>
      <Figure name="Input tokens">{brief(sum((row) => row.input_tokens))}</Figure>
      <Figure name="Output tokens">{brief(sum((row) => row.output_tokens))}</Figure>
    </Figures>
  );
}
