import ts from "typescript";
import { keepAnswers } from "../../../project/kept-answers.js";
import type { Snapshot } from "../../../project/port.js";
import { syntaxOf } from "../../syntax-index.js";
import { componentsOf } from "./components.js";
import { gatherPiece, isPieceOfItsOwn } from "./gather.js";
import type { Part } from "./part.js";
import { solve, type ValueFlow } from "./solving.js";

const parts = keepAnswers<Part>();

/** Which channels, functions and contexts the expressions of these files may stand for. */
export function valueFlow(files: readonly ts.SourceFile[], snapshot: Snapshot): ValueFlow {
  const all = files.flatMap((file) =>
    piecesOf(file).map((piece) => parts(piece, snapshot, () => gatherPiece(piece, snapshot))),
  );
  const withName = (name: string, file: string) =>
    files.some((each) => each.fileName !== file && syntaxOf(each).names.has(name));
  return solve(all, { snapshot, componentOf: componentsOf(files), isNamedElsewhere: withName });
}

const pieces = new WeakMap<ts.SourceFile, readonly ts.Node[]>();

function piecesOf(file: ts.SourceFile): readonly ts.Node[] {
  let found = pieces.get(file);
  if (found === undefined) {
    found = file.statements.flatMap((statement): ts.Node[] =>
      ts.isClassDeclaration(statement)
        ? [statement, ...statement.members.filter(isPieceOfItsOwn)]
        : [statement],
    );
    pieces.set(file, found);
  }
  return found;
}
