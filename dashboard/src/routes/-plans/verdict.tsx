// What the rules say of a weekly plan.

import type { Finding, WeeklyPlan } from '../../api/plans';
import { Panel } from '../../pieces/page';
import { words } from '../../values/number';
import './verdict.css';

export function Verdict({ review }: { review: WeeklyPlan['review'] }) {
  if (!review) {
    return (
      <Panel title="Score">
        <p>There is no score: the profile that this plan was made from is gone, or an app stored the plan by itself.</p>
      </Panel>
    );
  }
  const broken = new Set(review.findings.map((finding) => finding.rule)).size;
  return (
    <Panel title="Score">
      <p className="verdict">
        <span className="verdict-score">{Math.round(review.score)}</span>
        <span>{broken === 0 ? `It keeps all ${review.rules} rules.` : `It breaks ${broken} of ${review.rules} rules.`}</span>
      </p>
      {review.findings.length === 0 ? (
        <p className="quiet">
          The rules are of published training science and of the athlete’s own limits. Nothing is found in a plan of ours until somebody
          changes it.
        </p>
      ) : (
        <ul className="findings" aria-label="Findings">
          {review.findings.map((finding, place) => (
            <One key={place} finding={finding} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function One({ finding }: { finding: Finding }) {
  return (
    <li>
      <b>{where(finding.place)}</b>: {finding.message}
      <small title={finding.rule}>
        {words(finding.rule)}: {finding.demands}
      </small>
    </li>
  );
}

/** `/monday/workout/blocks/0/items/2` as `Monday, workout, blocks 1, items 3`. */
function where(place: string): string {
  const parts = place.split('/').filter((part) => part !== '');
  const said = parts.map((part) => (/^\d+$/.test(part) ? ` ${Number(part) + 1}` : `, ${part.replaceAll('_', ' ')}`)).join('');
  return words(said.replace(/^, /, '')) || 'The week';
}
