// Pauses a queue, and says why to those who find it so.

import { useState, type FormEvent } from 'react';
import { Dialog } from '../../pieces/dialog';

interface Pausing {
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onPause: (because: string) => void;
}

export function PauseDialog({ name, open, onOpenChange, onPause }: Pausing) {
  const [because, setBecause] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onPause(because.trim());
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Pause ${name}?`}>
      <form className="stack" onSubmit={submit}>
        <p>What runs goes on to its end. Nothing new begins until it is resumed; apps still may ask.</p>
        <label className="field">
          <span>Because (others will read it)</span>
          <input className="input" value={because} onChange={(event) => setBecause(event.target.value)} />
        </label>
        <div className="dialog-actions">
          <button type="submit" className="button button-main">
            Pause it
          </button>
        </div>
      </form>
    </Dialog>
  );
}
