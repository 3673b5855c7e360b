/** What the page says before there is a trace. */
export function Empty({ inEditor }: { readonly inEditor: boolean }) {
  return (
    <main class="empty">
      <h2>No trace yet</h2>
      {inEditor ? (
        <>
          <p>
            Run <b>Lockscope: Run with lock trace</b> from the Command Palette, or start a debug session (
            <kbd>F5</kbd>) of a program that uses <code>@lockscope/sync</code>.
          </p>
          <p>
            Every lock and every task then appears here while the program runs: who holds, who waits, and
            where.
          </p>
        </>
      ) : (
        <p>
          Record a program with <code>lockscope run --trace FILE program.ts</code>, then open this page with{" "}
          <code>?trace=FILE</code>.
        </p>
      )}
    </main>
  );
}
