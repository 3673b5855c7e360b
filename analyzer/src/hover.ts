import ts from "typescript";
import { annotationHover, annotationText } from "./annotations/in-editor.js";
import type { HoverInfo, Position } from "./api.js";
import { placeOf } from "./ir/place.js";
import type { Operation } from "./model/index.js";
import type { Snapshot } from "./project/port.js";

/** What the operation under the cursor does, in a sentence. */
export function hoverAt(snapshot: Snapshot, fileName: string, position: Position): HoverInfo | undefined {
  const file = snapshot.sourceFile(fileName);
  if (file === undefined || position.line >= file.getLineStarts().length) return undefined;
  const offset = Math.min(
    file.getPositionOfLineAndCharacter(position.line, 0) + position.character,
    file.text.length,
  );
  const annotation = annotationHover(file, offset, snapshot);
  if (annotation !== undefined) return annotation;
  const name = identifierAt(file, offset);
  if (name === undefined) return undefined;
  const text = callText(name, snapshot) ?? lockText(name, snapshot) ?? annotatedText(name, snapshot);
  if (text === undefined) return undefined;
  const range = {
    start: file.getLineAndCharacterOfPosition(name.getStart()),
    end: file.getLineAndCharacterOfPosition(name.getEnd()),
  };
  return { markdown: text, range };
}

function identifierAt(file: ts.SourceFile, offset: number): ts.Identifier | ts.PrivateIdentifier | undefined {
  let at: ts.Node = file;
  for (;;) {
    const child: ts.Node | undefined = at
      .getChildren(file)
      .find((each) => each.getStart(file) <= offset && offset < each.getEnd());
    if (child === undefined) return undefined;
    if (ts.isIdentifier(child) || ts.isPrivateIdentifier(child)) return child;
    at = child;
  }
}

function callText(name: ts.Node, snapshot: Snapshot): string | undefined {
  const access = name.parent;
  const call = access.parent;
  if (
    !ts.isPropertyAccessExpression(access) ||
    access.name !== name ||
    !ts.isCallExpression(call) ||
    call.expression !== access
  )
    return undefined;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method") return undefined;
  const place = placeOf(callee.receiver, snapshot)?.text ?? callee.receiver.getText();
  return `**${callee.owner}** \`${place}\` - ${describe(callee.operation)}`;
}

/** A guarded field, a function that wants a lock: what their comments say. */
function annotatedText(name: ts.Identifier | ts.PrivateIdentifier, snapshot: Snapshot): string | undefined {
  const declaration = snapshot.variableOf(name)?.declaration;
  const text = declaration && annotationText(declaration);
  return text && `\`${name.text}\` - ${text}.`;
}

function lockText(name: ts.Node, snapshot: Snapshot): string | undefined {
  if (
    !ts.isExpression(name) &&
    !ts.isVariableDeclaration(name.parent) &&
    !ts.isPropertyDeclaration(name.parent)
  )
    return undefined;
  const primitive = snapshot.primitiveOf(name);
  if (primitive === undefined || !primitive.model.noCopy) return undefined;
  return `**${primitive.name}** \`${name.getText()}\` - shared by reference; a copy would be another ${primitive.name}.`;
}

function describe(operation: Operation): string {
  switch (operation.op) {
    case "acquire": {
      const side = operation.mode === "read" ? "the read side" : "the lock";
      if (operation.form === "guard" && operation.disposable !== true)
        return `waits for ${side}; the function that it resolves to releases it: call it in a \`finally\`.`;
      if (operation.form === "guard")
        return `waits for ${side}; the guard releases it: \`using guard = await …\`.`;
      if (operation.form === "section")
        return `waits for ${side}, runs the function, and releases it however the function ends.`;
      return `waits for ${side}: await it, and release it in a \`finally\`.`;
    }
    case "try-acquire":
      return "takes it if nobody has it, without waiting. The answer says whether it did.";
    case "release":
      return operation.mode === "read"
        ? "releases the read side."
        : "releases it; the first task in the queue goes on.";
    case "wrap":
      return "the same lock behind another face.";
    case "inspect":
      return "asks or sets its state; does not wait.";
    case "guard-release":
      return "releases what the guard stands for; once only.";
    case "view":
      return "the read side as a lock of its own.";
    case "wg-add":
      return "counts tasks that are about to start: before they start, and before `wait`.";
    case "wg-done":
      return "one counted task has ended.";
    case "wg-wait":
      return "waits until the counter is zero: await it.";
    case "wg-go":
      return "counts the function, runs it as a task, and counts it down when it ends.";
    case "block":
      return "may wait for another task: await it.";
    case "runs":
      return "runs the function, and waits for it: await it.";
    case "throws":
    case "spawn":
    case "defer":
    case "harmless":
      return "does not wait.";
  }
}
