// Costs: tokens and dollars by day, flow and model.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { costsQuery, HOURS, windowOf, WINDOWS, type Spent, type Window } from '../api/figures';
import { Choice } from '../pieces/choice';
import { Loaded } from '../pieces/loaded';
import { Page } from '../pieces/page';
import { SpentByDay } from './-overview/spent-by-day';
import { CostRows } from './-costs/cost-rows';
import { Totals } from './-costs/totals';

export const Route = createFileRoute('/costs')({ component: Costs, validateSearch: windowOf });

/** Costs are kept by day, so nothing shorter is worth a choice. */
const LONG = WINDOWS.filter((window) => HOURS[window] >= 24);

function Costs() {
  const { window = '30d' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const choose = (next: Window) => void navigate({ search: { window: next } });
  return (
    <Page title="Costs" actions={<Choice label="Window" options={LONG} value={window} onChange={choose} />}>
      <Loaded query={useQuery(costsQuery(window))}>{(costs) => <Figures rows={costs.data.filter(wasAsked)} window={window} />}</Loaded>
    </Page>
  );
}

function Figures({ rows, window }: { rows: Spent[]; window: Window }) {
  return (
    <>
      <Totals rows={rows} />
      <SpentByDay overview={{ spent: rows, window_hours: HOURS[window] }} />
      {rows.length > 0 && <CostRows rows={rows} />}
    </>
  );
}

/** A step that asked nobody is counted too, with nothing in it. */
function wasAsked(row: Spent): boolean {
  return row.cost > 0 || row.input_tokens > 0 || row.output_tokens > 0;
}
