import { describe, expect, it } from "vitest";
import type { DrawnNode } from "./drawing.js";
import { layeredDrawing } from "./layers.js";
import { ringDrawing } from "./ring.js";

const ring = (count: number, name = "task") =>
  ringDrawing(
    Array.from({ length: count }, (_, n) => ({ key: `${n}`, name: `${name} ${n}`, edge: `lock ${n}` })),
    true,
  );

const overlap = (a: DrawnNode, b: DrawnNode) =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;

describe("a cycle drawn as a ring", () => {
  for (const count of [1, 2, 3, 4, 7, 20]) {
    it(`of ${count}: no box covers another, and all lie inside`, () => {
      const { left, top, width, height, nodes, edges } = ring(count, "a task with a name");
      expect(nodes).toHaveLength(count);
      expect(edges).toHaveLength(count);
      for (const [index, node] of nodes.entries()) {
        for (const other of nodes.slice(index + 1)) expect(overlap(node, other)).toBe(false);
        expect(node.x - node.width / 2).toBeGreaterThanOrEqual(left);
        expect(node.x + node.width / 2).toBeLessThanOrEqual(left + width);
        expect(node.y - node.height / 2).toBeGreaterThanOrEqual(top);
        expect(node.y + node.height / 2).toBeLessThanOrEqual(top + height);
      }
      for (const { path } of edges) expect(path).not.toMatch(/NaN|Infinity/);
    });
  }

  it("keeps the two edges of a pair apart", () => {
    const [there, back] = ring(2).edges;
    expect(Math.abs(there!.labelAt.y - back!.labelAt.y)).toBeGreaterThan(20);
  });
});

describe("a graph drawn in layers", () => {
  it("gives every node and edge its place, also in a cycle, a loop and a pair of parallel edges", () => {
    const nodes = ["a", "b", "c"].map((key) => ({ key, name: key, marked: false }));
    const pairs = [
      ["a", "b"],
      ["b", "c"],
      ["c", "a"],
      ["a", "b"],
      ["b", "b"],
    ];
    const edges = pairs.map(([from, to], index) => ({
      key: `${index}`,
      from: from!,
      to: to!,
      label: `×${index}`,
      marked: false,
    }));
    const drawing = layeredDrawing(nodes, edges);
    for (const { x, y } of drawing.nodes) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(drawing.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(drawing.height);
    }
    expect(new Set(drawing.edges.map(({ path }) => path)).size).toBe(5);
    for (const { path } of drawing.edges) expect(path).toMatch(/^M[\d.]+ [\d.]+ [QL][-\d. QL]+$/);
  });

  it("draws nothing of nothing", () => {
    expect(layeredDrawing([], [])).toMatchObject({ nodes: [], edges: [] });
  });
});
