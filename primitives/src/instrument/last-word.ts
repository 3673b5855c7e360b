import {
  EndReason,
  EventKind,
  MAIN_TASK,
  NO_LOCK,
  NO_SITE,
  ROW_WORDS,
  WIDE_VALUE,
  writeRow,
  writeWideRow,
} from "@lockscope/trace";

/** The rows that say, in the main thread's place, that a signal has ended the program. */
export function lastWord(signal: number): Int32Array {
  const words = new Int32Array(2 * ROW_WORDS);
  writeWideRow(words, 0, 0, WIDE_VALUE, NO_SITE, signal);
  writeRow(words, ROW_WORDS, 0, EventKind.programEnd, EndReason.signal, NO_SITE, MAIN_TASK, NO_LOCK);
  return words;
}
