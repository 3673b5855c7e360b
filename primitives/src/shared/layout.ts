/**
 * Where things stand in a primitive's memory, in words of 32 bits. State and queue are 64 bytes apart:
 * so a thread that takes a number does not slow down those that take the lock.
 *
 * | words   |                                                                              |
 * | ------- | ---------------------------------------------------------------------------- |
 * | 0, 1    | what the primitive is known by                                               |
 * | 2       | the next ticket                                                              |
 * | 3       | how many threads there is room for                                           |
 * | 4, 5    | how far the slots in use go, a word a line                                   |
 * | 6, 7    | its number in a trace; whether the trace has been told what it is            |
 * | 16 - 31 | the primitive's own                                                          |
 * | 32 -    | the threads that use it, by number; slots of each line; then what it needs   |
 */
export const IDENTITY = 0;
export const TICKETS = 2;
export const THREADS = 3;
export const HIGH = 4;
export const TRACE_ID = 6;
export const TRACE_TOLD = 7;
export const STATE = 16;
export const MEMBERS = 32;
export const SLOT_WORDS = 8;
