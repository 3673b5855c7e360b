import ts from "typescript";
import type { Guard } from "../../facts/state-access/guards.js";
import type { Held } from "../../facts/state-access/held-at.js";
import type { Access, GuardedState, StateTable } from "../../facts/state-access/table.js";
import type { Snapshot } from "../../project/port.js";

export interface Inferred {
  readonly guard: Guard;
  readonly guarded: number;
  readonly total: number;
  /** The accesses that surely do not hold it. */
  readonly free: readonly { readonly access: Access; readonly held: Held }[];
}

/** From four guarded accesses on, when four in five of all hold the lock, the others forgot it. */
const enough = 4;
const share = 4 / 5;

/** The lock that almost all accesses hold. Constants, primitives and functions are nobody's to guard. */
export function inferredGuard(
  state: GuardedState,
  table: StateTable,
  snapshot: Snapshot,
): Inferred | undefined {
  if (state.constant || state.candidates.length === 0) return undefined;
  const accesses = state.accesses.filter(({ element }) => !element);
  if (accesses.length <= enough || !accesses.some(({ write }) => write)) return undefined;
  const name = ts.getNameOfDeclaration(state.declaration as ts.Declaration);
  if (name !== undefined && snapshot.primitiveOf(name) !== undefined) return undefined;
  for (const guard of state.candidates) {
    const found = underGuard(guard, accesses, table);
    if (found !== undefined) return found;
  }
  return undefined;
}

function underGuard(guard: Guard, accesses: readonly Access[], table: StateTable): Inferred | undefined {
  const seen = accesses
    .map((access) => ({ access, held: table.heldFor(access, guard) }))
    .filter(({ held }) => held.holding !== "exempt");
  const guarded = seen.filter(({ held }) => held.holding === "write" || held.holding === "read");
  if (guarded.length < enough || guarded.length < share * seen.length) return undefined;
  const free = seen.filter(
    ({ access, held }) => held.holding === "free" && !isLookedAtAgain(access, guarded),
  );
  return { guard, guarded: guarded.length, total: seen.length, free };
}

/** The quick look of double-checked locking: under the lock the same question is asked again. */
function isLookedAtAgain(access: Access, guarded: readonly { readonly access: Access }[]): boolean {
  if (access.write) return false;
  return guarded.some(
    ({ access: other }) =>
      other.unit === access.unit && other.node.pos > access.node.pos && isQuestion(other.node),
  );
}

function isQuestion(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === at;
    if (ts.isConditionalExpression(parent)) return parent.condition === at;
    if (ts.isBinaryExpression(parent) && parent.left === at) {
      const { kind } = parent.operatorToken;
      if (
        kind === ts.SyntaxKind.QuestionQuestionEqualsToken ||
        kind === ts.SyntaxKind.BarBarEqualsToken ||
        kind === ts.SyntaxKind.QuestionQuestionToken
      )
        return true;
    }
    if (ts.isStatement(parent) || ts.isFunctionLike(parent)) return false;
  }
  return false;
}
