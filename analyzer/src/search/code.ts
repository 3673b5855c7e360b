import type ts from "typescript";
import type { Frame } from "./heap.js";
import type { Machine } from "./machine.js";

/** One instruction: works on the frame's stack, and may jump, call, throw or suspend. */
export type Run = (m: Machine, frame: Frame) => void;

export interface Instruction {
  run: Run;
  readonly node: ts.Node;
}

/** The instructions of one function. */
export interface Code {
  readonly instructions: readonly Instruction[];
  readonly slots: number;
  readonly isAsync: boolean;
  readonly isArrow: boolean;
  readonly name: string;
  /** Number in the order of translation: part of what tells two states apart. */
  readonly id: number;
  /** Part of the library's own description: places inside it are shown as the call that led there. */
  readonly internal: boolean;
}

/** A function before it is translated: that happens when it is first called. */
export interface FunctionInfo {
  readonly code: () => Code;
  readonly name: string;
  readonly id: number;
}
