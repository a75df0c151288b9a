// Overview: what runs, what it costs, what fails, what waits. One request.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { overviewQuery, windowOf, WINDOWS, type Overview } from '../api/figures';
import { Choice } from '../pieces/choice';
import { Empty } from '../pieces/empty';
import { Loaded } from '../pieces/loaded';
import { Page, Panel } from '../pieces/page';
import { AtAGlance } from './-overview/at-a-glance';
import { Kinds } from './-overview/kinds';
import { QueuesNow } from './-overview/queues-now';
import { SpentByDay } from './-overview/spent-by-day';
import { Throughput } from './-overview/throughput';
import { Warnings } from './-overview/warnings';

export const Route = createFileRoute('/')({ component: OverviewPage, validateSearch: windowOf });

function OverviewPage() {
  const { window = '24h' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const choose = (next: typeof window) => void navigate({ search: { window: next } });
  return (
    <Page title="Overview" actions={<Choice label="Window" options={WINDOWS} value={window} onChange={choose} />}>
      <Loaded query={useQuery(overviewQuery(window))}>{(overview) => <Figures overview={overview} />}</Loaded>
    </Page>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const isBare = overview.all === null && overview.spent.length === 0;
  return (
    <>
      <Warnings overview={overview} />
      <AtAGlance overview={overview} />
      {isBare ? (
        <Panel title="Throughput">
          <Empty title="Nothing has ended in this window" command="mesocycle plan examples/athlete.json">
            Ask for a plan from an app, on the <Link to="/playground">playground</Link>, or try the planner on a terminal.
          </Empty>
        </Panel>
      ) : (
        <div className="two">
          <Throughput overview={overview} />
          <SpentByDay overview={overview} />
        </div>
      )}
      <QueuesNow queues={overview.queues} />
      {overview.kinds.length > 0 && <Kinds overview={overview} />}
    </>
  );
}
