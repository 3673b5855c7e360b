import ts from "typescript";
import { type Annotation, annotationsOf, mentionsAnnotation } from "../../annotations/parse.js";
import { resolve } from "../../annotations/resolve.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { doc, sources } from "./doc.js";

export const badAnnotation: Rule = {
  id: "bad-annotation",
  title: "The annotation means nothing, or is not true",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    if (!mentionsAnnotation(context.file)) return;
    for (const declaration of declarationsIn(context.file)) {
      for (const annotation of annotationsOf(declaration)) {
        const problem = problemOf(annotation, declaration, context);
        if (problem !== undefined) yield { node: tagNode(annotation, declaration), ...problem };
      }
    }
  },
};

/** What can have an annotation; a variable's function is looked at, not the variable. */
function declarationsIn(file: ts.SourceFile): ts.Declaration[] {
  const found: ts.Declaration[] = [];
  const visit = (node: ts.Node): void => {
    const isState =
      ts.isPropertyDeclaration(node) ||
      ts.isPropertySignature(node) ||
      ts.isPropertyAssignment(node) ||
      ts.isVariableDeclaration(node) ||
      (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent));
    const holdsFunction =
      isState &&
      "initializer" in node &&
      node.initializer !== undefined &&
      ts.isFunctionLike(node.initializer);
    if ((isState && !holdsFunction) || (ts.isFunctionLike(node) && !ts.isFunctionTypeNode(node)))
      found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function problemOf(
  annotation: Annotation,
  declaration: ts.Declaration,
  context: RuleContext,
): Omit<Report, "node"> | undefined {
  const { kind, path, isTag } = annotation;
  // JSDoc has a `@requires` of its own, which names modules; and prose is prose.
  if (!isTag || isOfJsdoc(annotation)) return undefined;
  const isFunction = ts.isFunctionLike(declaration);
  if (isFunction !== (kind !== "guardedBy")) {
    if (kind === "requires") return undefined;
    return { message: `\`@${kind}\` belongs to ${isFunction ? "a field or variable" : "a function"}` };
  }
  const { lock, problem } = resolve(annotation, declaration, context.snapshot);
  if (problem === "unknown") return { message: `There is no \`${path}\` here that \`@${kind}\` could mean` };
  if (problem === "not-a-lock") return { message: `\`${path}\` is not a lock: \`@${kind}\` names one` };
  const unit = context.units.find((each) => each.unit === declaration);
  if (unit === undefined || unit.observations.abandoned || lock === undefined) return undefined;
  const broken = unit.observations.unkept.find(
    (each) => each.kind === kind && each.lock.place.key === lock.place.key,
  );
  if (broken === undefined) return undefined;
  return {
    message: `\`@${kind} ${path}\`: no way out of the function leaves it ${kind === "acquires" ? "locked" : "released"}`,
  };
}

const likeLock = /^(?:this\.|#)|mu(?:tex)?$|lock|sema/i;

function isOfJsdoc({ kind, path, file, end }: Annotation): boolean {
  return kind === "requires" && (!likeLock.test(path) || /^[:/-]/.test(file.text.slice(end, end + 1)));
}

/** The tag in the comment, where the parser has seen it. */
function tagNode({ start, end }: Annotation, declaration: ts.Declaration): ts.Node {
  const tags = ts.getJSDocTags(declaration);
  return tags.find((tag) => tag.pos <= start && end <= tag.end) ?? declaration;
}
