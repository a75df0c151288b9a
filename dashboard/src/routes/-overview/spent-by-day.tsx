// Dollars or tokens of each day, by flow or by model.

import { useMemo, useState } from 'react';
import type { Overview } from '../../api/figures';
import { Chart } from '../../pieces/chart';
import { Choice } from '../../pieces/choice';
import { Empty } from '../../pieces/empty';
import { Panel } from '../../pieces/page';
import { columns, DAY } from '../../values/columns';
import { brief, money, words } from '../../values/number';

export function SpentByDay({ overview }: { overview: Pick<Overview, 'spent' | 'window_hours'> }) {
  const [what, setWhat] = useState<'dollars' | 'tokens'>('dollars');
  const [by, setBy] = useState<'flow' | 'model'>('flow');
  const shown = useMemo(
    () =>
      columns(
        overview.spent,
        overview.window_hours,
        DAY,
        (row) => (by === 'flow' ? words(row.kind) : row.model),
        (row) => (what === 'dollars' ? row.cost : row.input_tokens + row.output_tokens),
      ),
    [overview, what, by],
  );
  const choices = (
    <>
      <Choice label="What" options={['dollars', 'tokens']} value={what} onChange={setWhat} />
      <Choice label="By" options={['flow', 'model']} value={by} onChange={setBy} />
    </>
  );
  return (
    <Panel title="Spent by day" aside={choices}>
      {overview.spent.length === 0 ? (
        <Empty title="No model was asked" command="OPENAI_API_KEY=sk-… mesocycle dev">
          Plans are made by the rules alone, and cost nothing, until a provider has a key.
        </Empty>
      ) : (
        <Chart label={what === 'dollars' ? 'Dollars spent' : 'Tokens used'} {...shown} format={what === 'dollars' ? money : brief} />
      )}
    </Panel>
  );
}
