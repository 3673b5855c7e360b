import type ts from "typescript";
import type { FunctionWithBody, Snapshot, Variable } from "../../../project/port.js";
import { expressionRef, isInert, memberRef, type Ref } from "./refs.js";
import type { Solving } from "./solving.js";
import { functionValue, type Value } from "./values.js";

/** What a parameter, a declared name or a pattern takes in. */
export interface Taking {
  readonly into: readonly Ref[];
  /** What its patterns take from elsewhere. */
  readonly flows: readonly (readonly [Ref, Ref])[];
}

export interface Parameter {
  readonly rest: boolean;
  readonly taking: Taking;
}

/** Done when everything flows together: with a program's values, but without a question about its types. */
export type Step = (solving: Solving) => void;

/** What one piece of a file gives to the flow of values: it stands as long as the piece and the types it sees do. */
export interface Part {
  readonly flows: readonly (readonly [Ref, Ref])[];
  readonly steps: readonly Step[];
  /** Once everything has flowed: what others can get hold of. */
  readonly exposures: readonly Step[];
  readonly parameters: ReadonlyMap<FunctionWithBody, readonly Parameter[]>;
}

/** What a part is gathered with. */
export interface Gathering {
  readonly snapshot: Snapshot;
  ref(expression: ts.Node): Ref;
  member(variable: Variable | undefined, name: string, at: ts.Node): Ref;
  flow(from: Ref, to: Ref): void;
  step(step: Step): void;
  /** A function that somebody may call. */
  function(to: Ref, body: FunctionWithBody): void;
  expose(step: Step): void;
  /** What an expression gives to something that takes it in. */
  give(from: ts.Node, taking: () => Taking): void;
  take(from: Ref, taking: Taking): void;
  parameters(body: FunctionWithBody, parameters: readonly Parameter[]): void;
}

export function createGathering(snapshot: Snapshot): { readonly g: Gathering; readonly part: Part } {
  const flows: (readonly [Ref, Ref])[] = [];
  const steps: Step[] = [];
  const exposures: Step[] = [];
  const parameters = new Map<FunctionWithBody, readonly Parameter[]>();
  const g: Gathering = {
    snapshot,
    ref: (expression) => expressionRef(expression, snapshot),
    member: memberRef,
    flow: (from, to) => void flows.push([from, to]),
    step: (step) => void steps.push(step),
    function: (to, body) => void steps.push(adding(to, functionValue(body))),
    expose: (step) => void exposures.push(step),
    give(from, taking) {
      if (!isInert(from)) g.take(g.ref(from), taking());
    },
    take(from, taking) {
      for (const to of taking.into) flows.push([from, to]);
      flows.push(...taking.flows);
    },
    parameters: (body, list) => void parameters.set(body, list),
  };
  return { g, part: { flows, steps, exposures, parameters } };
}

/** Outside of what knows the snapshot: a step outlives it. */
function adding(to: Ref, value: Value): Step {
  return (solving) => solving.add(to, value);
}
