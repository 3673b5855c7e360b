/**
 * Asks again and again until `accept` takes the answer, and returns it.
 * @throws {Error} with the last answer, when patience is over
 */
export async function poll<T>(
  what: string,
  ask: () => T | PromiseLike<T>,
  accept: (answer: T) => boolean,
  patienceMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`${what}: not after ${patienceMs} ms; the last answer was ${JSON.stringify(answer)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
