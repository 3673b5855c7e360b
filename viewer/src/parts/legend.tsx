const entries = [
  ["hold", "held"],
  ["blocking", "held, others wait"],
  ["wait", "waiting"],
  ["stuck", "waiting for ever"],
  ["run", "running or asleep"],
] as const;

export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      {entries.map(([state, text]) => (
        <li key={state}>
          <span class="swatch" data-swatch={state} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}
