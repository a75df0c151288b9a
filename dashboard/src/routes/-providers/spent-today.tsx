// What models cost today (UTC), beside the caps that this process knows.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { settingsQuery } from '../../api/plans';
import type { Providers } from '../../api/queues';
import { Figure, Figures } from '../../pieces/figure';
import { micros, money, share, words } from '../../values/number';

export function SpentToday({ spent }: { spent: Providers['spent_today'] }) {
  const settings = useQuery(settingsQuery).data?.data ?? [];
  const cap = (name: string) => micros(settings.find((setting) => setting.name === name)?.value ?? '');
  const day = cap('dollars_per_day');
  const scopes = spent.length > 0 ? spent : [{ scope: 'everybody', used: 0 }];
  return (
    <Figures>
      {scopes.map(({ scope, used }) => (
        <Figure
          key={scope}
          name={scope === 'everybody' ? 'Spent today (UTC)' : `Today: ${words(scope)}`}
          note={scope === 'everybody' && <Cap used={used} cap={day} />}
        >
          {money(used)}
        </Figure>
      ))}
      <Limit name="Most for one user and day" setting="dollars_per_user_and_day" cap={cap('dollars_per_user_and_day')} />
      <Limit name="Most for one run" setting="dollars_per_job" cap={cap('dollars_per_job')} />
    </Figures>
  );
}

function Cap({ used, cap }: { used: number; cap: number | null }) {
  if (cap === null) return <>the cap is $20, in dev $1: dollars_per_day is unset</>;
  return (
    <>
      {share(used, cap)} of {money(cap)} (<Link to="/costs">costs</Link>)
    </>
  );
}

function Limit({ name, setting, cap }: { name: string; setting: string; cap: number | null }) {
  if (cap === null) return null;
  return (
    <Figure
      name={name}
      note={
        <Link to="/settings" search={{ text: setting }}>
          {setting}
        </Link>
      }
    >
      {money(cap)}
    </Figure>
  );
}
