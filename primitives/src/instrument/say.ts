import { writeSync } from "node:fs";

/** To the terminal. Synchronous, since the process may be about to end. */
export function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is closed, or a full pipe: the program's end must not hang on it.
  }
}
