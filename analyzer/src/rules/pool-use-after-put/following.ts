import ts from "typescript";

type Ends = "goes-on" | "leaves" | "breaks" | "continues";

/**
 * What runs behind a node, up to the end of its function, in the order of the text. `scope`: where the
 * variable of interest is declared: a loop around that begins its next round with a new one.
 */
export function following(start: ts.Node, scope: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let at = start; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const ends = isList(at.parent) && ts.isStatement(at) ? addRest(at.parent, at, found) : "goes-on";
    if (ends === "leaves") return [...found, ...finallyBlocks(at)];
    if (ends !== "goes-on") {
      const target = jumpTarget(at, ends);
      if (target === undefined) return found;
      if (ends === "continues") addRound(target, scope, found);
      at = target;
      // The statements behind the loop are added where the walk goes on.
      if (isList(at.parent) && addRest(at.parent, at as ts.Statement, found) !== "goes-on") return found;
      at = at.parent;
      if (at.parent === undefined || ts.isFunctionLike(at)) return found;
    }
    const { parent } = at;
    if (ts.isIterationStatement(parent, false) && parent.statement === at) addRound(parent, scope, found);
    if (ts.isTryStatement(parent) && parent.finallyBlock !== undefined && parent.finallyBlock !== at)
      found.push(parent.finallyBlock);
  }
  return found;
}

type List = ts.Block | ts.SourceFile | ts.CaseOrDefaultClause;

function isList(node: ts.Node): node is List {
  return ts.isBlock(node) || ts.isSourceFile(node) || ts.isCaseOrDefaultClause(node);
}

function addRest(list: List, after: ts.Statement, found: ts.Node[]): Ends {
  for (const statement of list.statements.slice(list.statements.indexOf(after) + 1)) {
    found.push(statement);
    const ends = endOf(statement);
    if (ends !== "goes-on") return ends;
  }
  return endOf(after) === "goes-on" ? "goes-on" : "leaves";
}

/** Whether control surely does not go on behind a statement. */
function endOf(statement: ts.Statement): Ends {
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement)) return "leaves";
  if (ts.isBreakStatement(statement)) return statement.label === undefined ? "breaks" : "leaves";
  if (ts.isContinueStatement(statement)) return statement.label === undefined ? "continues" : "leaves";
  if (ts.isBlock(statement)) {
    const ends = statement.statements.map(endOf);
    return ends.find((each) => each !== "goes-on") ?? "goes-on";
  }
  if (ts.isIfStatement(statement) && statement.elseStatement !== undefined) {
    const [one, other] = [endOf(statement.thenStatement), endOf(statement.elseStatement)];
    return one === "goes-on" || other === "goes-on" ? "goes-on" : one;
  }
  if (ts.isTryStatement(statement) && statement.catchClause === undefined) return endOf(statement.tryBlock);
  return "goes-on";
}

/** Out of the function: only what a `finally` does on the way. */
function finallyBlocks(from: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let at = from; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock !== undefined && at.parent.finallyBlock !== at)
      found.push(at.parent.finallyBlock);
  }
  return found;
}

function jumpTarget(from: ts.Node, ends: Ends): ts.Statement | undefined {
  for (let at = from; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isIterationStatement(at, false)) return at;
    if (ends === "breaks" && ts.isSwitchStatement(at)) return at;
  }
  return undefined;
}

/** The loop's next round, when the variable outlives it. */
function addRound(loop: ts.Node, scope: ts.Node, found: ts.Node[]): void {
  if (!ts.isIterationStatement(loop, false) || (loop.pos <= scope.pos && scope.end <= loop.end)) return;
  found.push(loop.statement);
}
