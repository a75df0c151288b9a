// What the keyboard does.

import { Dialog } from '../pieces/dialog';
import './help.css';

const KEYS = [
  ['/', 'Search runs by the beginning of an id or of a user'],
  ['j', 'Next in the list'],
  ['k', 'The one before'],
  ['Enter', 'Open it'],
  ['Esc', 'Close a dialog'],
  ['?', 'This help'],
] as const;

export function Help({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard">
      <dl className="help">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
