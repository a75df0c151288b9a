// The figures of the window, side by side.

import type { Overview } from '../../api/figures';
import { Figure, Figures } from '../../pieces/figure';
import { brief, count, duration, money, share } from '../../values/number';

export function AtAGlance({ overview }: { overview: Overview }) {
  const { all, spent, queues } = overview;
  const sum = <Row,>(rows: Row[], value: (row: Row) => number) => rows.reduce((total, row) => total + value(row), 0);
  const good = all?.succeeded ?? 0;
  const judged = good + (all?.failed ?? 0);
  const input = sum(spent, (row) => row.input_tokens);
  const output = sum(spent, (row) => row.output_tokens);
  const ages = queues.filter((queue) => queue.ready > 0).map((queue) => queue.oldest_seconds ?? 0);
  return (
    <Figures>
      <Figure name="Ended" note={all && `${count(all.failed)} failed, ${count(all.cancelled)} cancelled`}>
        {brief(judged + (all?.cancelled ?? 0))}
      </Figure>
      <Figure name="Success" note="of what was not cancelled">
        {share(good, judged)}
      </Figure>
      <Figure name="Half done within" note={`95 % within ${duration(all?.p95_seconds)}`}>
        {duration(all?.p50_seconds)}
      </Figure>
      <Figure name="Now" note={`${count(sum(queues, (queue) => queue.ready + queue.waiting))} to come`}>
        {count(sum(queues, (queue) => queue.running))} running
      </Figure>
      <Figure name="Oldest in a queue" note={overview.workers_alive === 1 ? '1 worker' : `${overview.workers_alive} workers`}>
        {duration(ages.length > 0 ? Math.max(...ages) : null)}
      </Figure>
      <Figure name="Spent" note={`${brief(input)} tokens in, ${brief(output)} out`}>
        {money(sum(spent, (row) => row.cost))}
      </Figure>
    </Figures>
  );
}
