/** A directed graph in layers, by dagre. */
import { Graph, layout } from "@dagrejs/dagre";
import {
  at,
  boxWidth,
  type Drawing,
  EDGE_LABEL_HEIGHT,
  MARGIN,
  NODE_HEIGHT,
  type Point,
  textWidth,
} from "./drawing.js";

export interface LayerNode {
  readonly key: string;
  readonly name: string;
  readonly marked: boolean;
}

export interface LayerEdge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly marked: boolean;
}

interface Placed {
  readonly x: number;
  readonly y: number;
}

/** O((nodes + edges)²) or so: a caller draws the hundred that matter, not all. */
export function layeredDrawing(nodes: readonly LayerNode[], edges: readonly LayerEdge[]): Drawing {
  const graph = new Graph<object, object, object>({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 18, ranksep: 40, edgesep: 14, marginx: MARGIN, marginy: MARGIN });
  for (const { key, name } of nodes) {
    graph.setNode(key, { width: boxWidth(name), height: NODE_HEIGHT });
  }
  for (const { key, from, to, label } of edges) {
    const width = label === "" ? 0 : textWidth(label);
    graph.setEdge(from, to, { width, height: label === "" ? 0 : EDGE_LABEL_HEIGHT, labelpos: "c" }, key);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    left: 0,
    top: 0,
    width: Number.isFinite(width) ? width : 0,
    height: Number.isFinite(height) ? height : 0,
    nodes: nodes.map(({ key, name, marked }) => {
      const { x, y } = graph.node(key) as Placed;
      return { key, x, y, width: boxWidth(name), height: NODE_HEIGHT, label: name, marked };
    }),
    edges: edges.map(({ key, from, to, label, marked }) => {
      const placed = graph.edge(from, to, key) as Partial<Placed> & { readonly points: readonly Point[] };
      return { key, path: smooth(placed.points), label, labelAt: labelled(placed), marked };
    }),
  };
}

/** The layout leaves room for a label only where there is one. */
const labelled = ({ x, y, points }: Partial<Placed> & { readonly points: readonly Point[] }): Point =>
  x === undefined || y === undefined ? points[points.length >> 1]! : { x, y };

/** Through the middles of the segments, bent at the points between them. */
function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let path = `M${at(first!)}`;
  for (let index = 0; index + 1 < rest.length; index++) {
    const corner = rest[index]!;
    const next = rest[index + 1]!;
    const end = index + 2 === rest.length ? next : { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 };
    path += ` Q${at(corner)} ${at(end)}`;
  }
  return rest.length === 1 ? `${path} L${at(rest[0]!)}` : path;
}
