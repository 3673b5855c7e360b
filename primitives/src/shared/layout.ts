/**
 * Where things stand in a primitive's memory, in words of 32 bits. State and queue are 64 bytes apart:
 * so a thread that takes a number does not slow down those that take the lock.
 *
 * | words   |                                                            |
 * | ------- | ---------------------------------------------------------- |
 * | 0, 1    | what the primitive is known by                             |
 * | 2       | the next ticket                                            |
 * | 3       | how many slots a line has                                  |
 * | 4, 5    | how far the slots in use go, a word a line                 |
 * | 16 - 31 | the primitive's own                                        |
 * | 32 -    | slots of the first line, of the second; then what it needs |
 */
export const IDENTITY = 0;
export const TICKETS = 2;
export const SLOTS = 3;
export const HIGH = 4;
export const STATE = 16;
export const LINES = 32;
export const SLOT_WORDS = 8;
