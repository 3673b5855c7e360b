import type { LiveState } from "@lockscope/trace";
import type { Trouble } from "./trouble.js";

/** The whole state at one instant. */
export interface Moment {
  /** Milliseconds since the program's time origin. */
  readonly time: number;
  readonly live: LiveState;
  /** It goes on with the program, rather than being an instant of the past. */
  readonly present: boolean;
  readonly trouble: Trouble;
}
