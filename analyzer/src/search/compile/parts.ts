import type { Parts } from "./compiler.js";
import {
  compileApart,
  compileExpression,
  compileKey,
  compileList,
  endChainIfMissing,
  skipRight,
} from "./expressions.js";
import { compileObjectRest } from "./patterns.js";
import { compileBlock, compileDeclarations } from "./statements.js";

/** The translation as a whole. */
export const parts: Parts = {
  expression: compileExpression,
  apart: compileApart,
  list: compileList,
  key: compileKey,
  endChainIfMissing,
  skipRight,
  objectRest: compileObjectRest,
  block: compileBlock,
  declarations: compileDeclarations,
};
