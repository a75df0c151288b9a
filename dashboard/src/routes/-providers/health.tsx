// Who is not asked at the moment, by whom, until when and why.

import { Link } from '@tanstack/react-router';
import type { Budget, OpenBreaker, Providers } from '../../api/queues';
import { Command } from '../../pieces/command';
import { Marked } from '../../pieces/marked';
import { Panel } from '../../pieces/page';
import { meaning } from '../../values/error-code';
import { useNow } from '../../values/now';
import { When } from '../../values/when';
import './health.css';

/** Why a breaker opened, in a few words. */
const REASONS: Record<string, string> = {
  QUOTA_EXCEEDED: 'out of credit',
  CONFIG_ERROR: 'a bad key, an unknown model or a wrong setting',
  NETWORK_ERROR: 'its connections fail',
  AI_TIMEOUT: 'it answers too slowly',
  AI_RATE_LIMIT: 'it says to slow down',
};

export function Health({ providers }: { providers: Providers }) {
  const now = useNow();
  const blocked = providers.budgets.filter((budget) => budget.blocked_until && Date.parse(budget.blocked_until) > now);
  const isWell = providers.open_breakers.length === 0 && blocked.length === 0;
  return (
    <Panel title="Now">
      {isWell && <p>{providers.budgets.length === 0 ? 'No provider has been asked yet.' : 'Every provider that is set is asked.'}</p>}
      {!isWell && (
        <ul className="health">
          {providers.open_breakers.map((breaker) => (
            <Open key={`${breaker.provider} ${breaker.worker}`} breaker={breaker} />
          ))}
          {blocked.map((budget) => (
            <Blocked key={budget.name} budget={budget} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Open({ breaker }: { breaker: OpenBreaker }) {
  const needsAPerson = ['QUOTA_EXCEEDED', 'CONFIG_ERROR'].includes(breaker.code);
  return (
    <li className={needsAPerson ? 'health-bad' : undefined}>
      <p>
        <b>{breaker.provider}</b>{' '}
        {breaker.is_probing ? (
          <>was not asked by {breaker.worker} for a while; its next call tries, and decides</>
        ) : (
          <>
            is not asked by {breaker.worker} until <When at={breaker.open_until} />
          </>
        )}
        : {REASONS[breaker.code] ?? breaker.code}.
      </p>
      <small>
        Since <When at={breaker.opened_at} />.{' '}
        <Link to="/errors" className="mono">
          {breaker.code}
        </Link>{' '}
        <Marked text={meaning(breaker.code) ?? ''} /> {needsAPerson && <Command text="mesocycle doctor" />}
      </small>
    </li>
  );
}

function Blocked({ budget }: { budget: Budget }) {
  return (
    <li>
      <p>
        <b>{budget.name}</b> is asked by nobody until <When at={budget.blocked_until} />: it named that wait.
      </p>
      <small>Runs that need it wait, and go on by themselves.</small>
    </li>
  );
}
