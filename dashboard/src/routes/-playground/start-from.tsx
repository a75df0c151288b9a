// Fills a form with an example.

interface Starting<T> {
  examples: readonly { name: string; profile: T }[];
  onChoose: (profile: T) => void;
}

export function StartFrom<T>({ examples, onChoose }: Starting<T>) {
  return (
    <div className="row" role="group" aria-label="Start from an example">
      <span className="quiet">Start from</span>
      {examples.map(({ name, profile }) => (
        <button type="button" key={name} className="button button-small" onClick={() => onChoose(profile)}>
          {name}
        </button>
      ))}
    </div>
  );
}
