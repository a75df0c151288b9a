// A link to a run by the beginning of its id.

import { Link } from '@tanstack/react-router';

/** `row`: it is the link that its row is reached by. */
export function RunLink({ id, row }: { id: string; row?: boolean }) {
  return (
    <Link to="/runs/$id" params={{ id }} className="mono" title={id} {...(row ? { 'data-row': true } : {})}>
      {id.slice(0, 8)}
    </Link>
  );
}
