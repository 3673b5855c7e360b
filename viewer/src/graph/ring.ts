/** A cycle as a ring: large deadlocks are nearly always several small ones, so each is drawn by itself. */
import {
  at,
  borderPoint,
  boxWidth,
  type Drawing,
  type DrawnEdge,
  type DrawnNode,
  EDGE_LABEL_HEIGHT,
  MARGIN,
  NODE_HEIGHT,
  type Point,
  textWidth,
} from "./drawing.js";

export interface RingMember {
  readonly key: string;
  readonly name: string;
  /** What the edge to the next member is called. */
  readonly edge: string;
}

/** Room between neighbours on the ring, for the arrow and its label. */
const GAP = 76;
/** How far an edge bends outwards, as a share of its length. */
const BEND = 0.18;

/** Members clockwise from the left or the top, each with an arrow to the next. */
export function ringDrawing(members: readonly RingMember[], marked: boolean): Drawing {
  const widths = members.map(({ name }) => boxWidth(name));
  const places = members.length < 3 ? inLine(widths, members) : onCircle(widths);
  const nodes = members.map(
    ({ key, name }, index): DrawnNode => ({
      key,
      ...places[index]!,
      width: widths[index]!,
      height: NODE_HEIGHT,
      label: name,
      marked,
    }),
  );
  const middle = center(nodes);
  const edges = members.map(({ key, edge }, index) => {
    const from = nodes[index]!;
    const to = nodes[(index + 1) % nodes.length]!;
    const bent = from === to ? loop(from) : arc(from, to, middle);
    return { key, path: bent.path, label: edge, labelAt: bent.label, marked };
  });
  return fitted(nodes, edges);
}

function inLine(widths: readonly number[], members: readonly RingMember[]): Point[] {
  if (widths.length === 1) return [{ x: 0, y: 0 }];
  const room = Math.max(GAP, ...members.map(({ edge }) => textWidth(edge) + 24));
  return [
    { x: 0, y: 0 },
    { x: widths[0]! / 2 + room + widths[1]! / 2, y: 0 },
  ];
}

function onCircle(widths: readonly number[]): Point[] {
  const widest = Math.max(...widths);
  const count = widths.length;
  // Neighbours at the top and the bottom lie side by side, those at the sides one above the other.
  const across = ((widest + GAP) * count) / (2 * Math.PI);
  const down = ((NODE_HEIGHT + GAP) * count) / (2 * Math.PI);
  return widths.map((_, index) => {
    const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
    return { x: Math.cos(angle) * across, y: Math.sin(angle) * Math.max(down, 70) };
  });
}

function center(nodes: readonly DrawnNode[]): Point {
  const sum = nodes.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / nodes.length, y: sum.y / nodes.length };
}

/** A curve that bends away from the ring's middle; of two nodes, one curve above and one below. */
function arc(from: DrawnNode, to: DrawnNode, middle: Point): { path: string; label: Point } {
  const half = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const away = { x: half.x - middle.x, y: half.y - middle.y };
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const distance = Math.hypot(away.x, away.y);
  const direction =
    distance < 1
      ? { x: (to.y - from.y) / length, y: (from.x - to.x) / length }
      : { x: away.x / distance, y: away.y / distance };
  const bend = Math.max(28, length * BEND);
  const control = { x: half.x + direction.x * bend, y: half.y + direction.y * bend };
  const start = borderPoint(from, control);
  const end = borderPoint(to, control);
  const label = {
    x: (start.x + 2 * control.x + end.x) / 4 + direction.x * 4,
    y: (start.y + 2 * control.y + end.y) / 4 + direction.y * 10,
  };
  return { path: `M${at(start)} Q${at(control)} ${at(end)}`, label };
}

function loop(node: DrawnNode): { path: string; label: Point } {
  const top = node.y - node.height / 2;
  const [left, right] = [node.x - 16, node.x + 16];
  const path = `M${at({ x: left, y: top })} C${at({ x: left - 14, y: top - 44 })} ${at({ x: right + 14, y: top - 44 })} ${at({ x: right, y: top })}`;
  return { path, label: { x: node.x, y: top - 42 } };
}

/** Moved so that everything lies inside, the labels of the edges too. */
function fitted(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): Drawing {
  const boxes = [
    ...nodes.map(({ x, y, width, height }) => ({ x, y, width, height })),
    ...edges.map(({ label, labelAt }) => ({
      ...labelAt,
      width: textWidth(label),
      height: EDGE_LABEL_HEIGHT,
    })),
  ];
  const left = Math.min(...boxes.map(({ x, width }) => x - width / 2)) - MARGIN;
  const top = Math.min(...boxes.map(({ y, height }) => y - height / 2)) - MARGIN;
  const right = Math.max(...boxes.map(({ x, width }) => x + width / 2)) + MARGIN;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height / 2)) + MARGIN;
  return { left, top, width: right - left, height: bottom - top, nodes, edges };
}
