/** Graphs with everything placed: what the page draws, and what the layouts make. In CSS pixels. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A box, given by its centre. */
export interface DrawnNode extends Point {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly label: string;
  /** Marked as trouble. */
  readonly marked: boolean;
}

export interface DrawnEdge {
  readonly key: string;
  /** An SVG path, from the border of one box to that of the other. */
  readonly path: string;
  readonly label: string;
  readonly labelAt: Point;
  readonly marked: boolean;
}

export interface Drawing {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

export const NODE_HEIGHT = 28;
export const EDGE_LABEL_HEIGHT = 16;
export const MARGIN = 12;
const CHARACTER_PX = 7;
const MAX_NODE_CHARACTERS = 20;
const MAX_EDGE_CHARACTERS = 18;

/** Of a box with this name in it: wide enough in any usual font, unless the name is long. */
export const boxWidth = (name: string): number => Math.max(48, 18 + width(name, MAX_NODE_CHARACTERS));

/** Of an edge's label. */
export const textWidth = (text: string): number => 6 + width(text, MAX_EDGE_CHARACTERS);

const width = (text: string, most: number) => CHARACTER_PX * Math.min(text.length, most);

/** Where the line from a box's centre towards `target` leaves the box. */
export function borderPoint(box: Omit<DrawnNode, "key" | "label" | "marked">, target: Point): Point {
  const dx = target.x - box.x;
  const dy = target.y - box.y;
  if (dx === 0 && dy === 0) return box;
  const scale = Math.min(box.width / 2 / Math.abs(dx), box.height / 2 / Math.abs(dy));
  return { x: box.x + dx * scale, y: box.y + dy * scale };
}

/** Numbers in a path: no more digits than a pixel has use for. */
export const at = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
