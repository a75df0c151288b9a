// Something for a terminal, with a button that copies it.

import { toast } from './toast';
import './command.css';

export function Command({ text }: { text: string }) {
  return (
    <span className="command">
      <code>{text}</code>
      <Copy text={text} what="command" />
    </span>
  );
}

export function Copy({ text, what }: { text: string; what: string }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(`Copied the ${what}.`);
    } catch {
      toast(`The browser does not let this page copy. The ${what} is: ${text}`, 'bad');
    }
  };
  return (
    <button type="button" className="copy" onClick={() => void copy()} aria-label={`Copy the ${what}`} title={`Copy the ${what}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M5 1h8a1.5 1.5 0 0 1 1.5 1.5V11H13V2.5H5zM2.5 4h7A1.5 1.5 0 0 1 11 5.5v8A1.5 1.5 0 0 1 9.5 15h-7A1.5 1.5 0 0 1 1 13.5v-8A1.5 1.5 0 0 1 2.5 4zm0 1.5v8h7v-8z" />
      </svg>
    </button>
  );
}
