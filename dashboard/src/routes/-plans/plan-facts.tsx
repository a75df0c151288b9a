// Whose plan it is, how it stands, and which run made it.

import { Link } from '@tanstack/react-router';
import { Badge } from '../../pieces/badge';
import { Copy } from '../../pieces/command';
import { RunLink } from '../../pieces/run-link';
import { When } from '../../values/when';
import './plan-facts.css';

interface Shown {
  flow: 'weekly' | 'workout';
  plan: { id: string; user_id: string; status: string; created_at: string };
  run: string | null;
  version?: number;
}

export function PlanFacts({ flow, plan, run, version }: Shown) {
  return (
    <p className="plan-facts">
      <Badge state={plan.status} />
      <span>
        Stored <When at={plan.created_at} />
        {version !== undefined && version > 1 && `, version ${version}`}
      </span>
      <span>{run ? <>made by run {<RunLink id={run} />}</> : 'not made by a run that is known'}</span>
      <span>
        for user{' '}
        <Link to="/plans" search={{ flow, user: plan.user_id }} className="mono" title={`Plans of user ${plan.user_id}`}>
          {plan.user_id.slice(0, 8)}
        </Link>
      </span>
      <Copy text={plan.id} what="plan’s id" />
    </p>
  );
}
