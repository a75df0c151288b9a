// A list without rows: what would fill it, and by which command.

import type { ReactNode } from 'react';
import { Command } from './command';
import './empty.css';

export function Empty({ title, command, children }: { title: string; command?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
      {command && <Command text={command} />}
    </div>
  );
}
