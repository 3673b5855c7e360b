import { ruleIds } from "../rules/ids.js";
import { ruleLevels } from "./levels.js";
import { events, forms, kinds, modes, operationShapes, type Shape } from "./operation-shapes.js";

const position = { type: "integer", minimum: 0 };

const shapes: Readonly<Record<Shape, object>> = {
  mode: { enum: modes },
  form: { enum: forms },
  event: { enum: events },
  boolean: { type: "boolean" },
  index: position,
  callback: { anyOf: [position, { const: "last" }] },
  options: {
    type: "object",
    required: ["argument"],
    additionalProperties: false,
    properties: {
      argument: position,
      read: {
        type: "object",
        required: ["property", "value"],
        properties: { property: { type: "string" }, value: { type: "string" } },
      },
      impatient: { type: "array", items: { type: "string" } },
    },
  },
};

/** The JSON schema of `lockscope.config.json`: from the tables that validation goes by. */
export function configSchema(): object {
  const operations = Object.entries(operationShapes).map(([op, { fields, required = [], description }]) => ({
    type: "object",
    description,
    required: ["op", ...required],
    additionalProperties: false,
    properties: {
      op: { const: op },
      ...Object.fromEntries(Object.entries(fields).map(([name, shape]) => [name, shapes[shape]])),
    },
  }));
  const byWord = Object.entries(operationShapes).filter(([, { required = [] }]) => required.length === 0);
  const operation = { $ref: "#/$defs/operation" };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "lockscope.config.json",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      rules: {
        description: "What becomes of the findings of a rule.",
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(ruleIds().map((id) => [id, { enum: ruleLevels }])),
      },
      exclude: {
        description: "Globs of files that are left out, relative to this file.",
        type: "array",
        items: { type: "string" },
      },
      models: {
        description:
          "Locks of other libraries (by module) and of one's own (by path, relative to this file).",
        type: "object",
        additionalProperties: { $ref: "#/$defs/module" },
      },
    },
    $defs: {
      module: {
        type: "object",
        additionalProperties: false,
        properties: {
          classes: { type: "object", additionalProperties: { $ref: "#/$defs/class" } },
          functions: { type: "object", additionalProperties: operation },
        },
      },
      class: {
        type: "object",
        additionalProperties: false,
        properties: {
          kind: { enum: kinds, default: "mutex" },
          title: { type: "string", description: "What messages call it." },
          noCopy: { type: "boolean", description: "A second copy of it is a different lock." },
          singleton: { type: "boolean", description: "There is one for the whole program." },
          reentrantBy: { type: "string", description: "The constructor's option that allows re-entrance." },
          call: { ...operation, description: "What calling the object itself does." },
          methods: { type: "object", additionalProperties: operation },
        },
      },
      operation: { anyOf: [{ enum: byWord.map(([op]) => op) }, ...operations] },
    },
  };
}
