// Seven days at a glance; each leads to its own part of the page.

import { Link } from '@tanstack/react-router';
import type { Day, Weekday } from '../../api/plans';
import { count, words } from '../../values/number';
import './week-strip.css';

export function WeekStrip({ days }: { days: { name: Weekday; day: Day }[] }) {
  return (
    <ol className="week">
      {days.map(({ name, day }) => {
        const trains = trainingSets(day) > 0;
        return (
          <li key={name}>
            <Link to="." hash={name} search={(same: object) => same} className={trains ? 'week-day week-trains' : 'week-day'}>
              <b>{words(name)}</b>
              <span>{day.workout.focus.join(', ') || 'Rest'}</span>
              <small>{trains ? `${trainingSets(day)} working sets` : 'no working sets'}</small>
              <small>{`${count(day.nutrition.total_kcal)} kcal, ${count(day.nutrition.protein_g)} g protein`}</small>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

/** Sets of what is done twice or more: that is what makes a training day (the contract's section 2). */
function trainingSets(day: Day): number {
  const items = day.workout.blocks.flatMap((block) => block.items);
  return items.filter((item) => item.sets > 1).reduce((sum, item) => sum + item.sets, 0);
}
