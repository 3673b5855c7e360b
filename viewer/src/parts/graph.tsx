import { useId } from "preact/hooks";
import { at, type Drawing, EDGE_LABEL_HEIGHT, type Point, textWidth } from "../graph/drawing.js";

interface GraphProps {
  readonly drawing: Drawing;
  /** What the graph is, for the screen reader. */
  readonly label: string;
  /** Key of the node or edge that is picked out. */
  readonly chosen: string | undefined;
  /** A node or an edge in words. */
  describe(key: string): string;
  onChoose(key: string): void;
}

/**
 * A graph as SVG. Nodes and edges are buttons: Tab goes from one to the next, Enter picks it out. A list beside it
 * says the same in sentences.
 */
export function Graph({ drawing, label, chosen, describe, onChoose }: GraphProps) {
  const { left, top, width, height, nodes, edges } = drawing;
  const arrow = useId();
  const button = (key: string) => ({
    role: "button" as const,
    tabindex: 0,
    "aria-label": describe(key),
    "aria-pressed": key === chosen,
    "data-key": key,
    onClick: () => onChoose(key),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      onChoose(key);
    },
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: of SVG's elements none is a group of controls
    <svg
      class="graph"
      role="group"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`${left} ${top} ${width} ${height}`}
    >
      <defs>
        {(["plain", "marked"] as const).map((kind) => (
          <marker
            key={kind}
            id={`${arrow}-${kind}`}
            class={`arrow ${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            orient="auto-start-reverse"
          >
            <path d="M0 0 L8 4 L0 8 Z" />
          </marker>
        ))}
      </defs>
      {edges.map(({ key, path, label: text, labelAt, marked }) => (
        <g key={key} class={marked ? "edge marked" : "edge"} {...button(key)}>
          <path class="reach" d={path} />
          <path class="line" d={path} marker-end={`url(#${arrow}-${marked ? "marked" : "plain"})`} />
          {text !== "" && (
            <Label text={text} at={labelAt} width={textWidth(text)} height={EDGE_LABEL_HEIGHT} />
          )}
        </g>
      ))}
      {nodes.map(({ key, x, y, width, height, label: text, marked }) => (
        <g
          key={key}
          class={marked ? "node marked" : "node"}
          transform={`translate(${at({ x, y })})`}
          {...button(key)}
        >
          <title>{describe(key)}</title>
          <rect x={-width / 2} y={-height / 2} width={width} height={height} rx="4" />
          <Label text={text} at={ORIGIN} width={width - 8} height={height} />
        </g>
      ))}
    </svg>
  );
}

const ORIGIN = { x: 0, y: 0 };

interface LabelProps {
  readonly text: string;
  /** Its centre. */
  readonly at: Point;
  readonly width: number;
  readonly height: number;
}

/** Text that is cut off where it does not fit, to the eye only: a name that is cut short is nobody's name. */
function Label({ text, at: { x, y }, width, height }: LabelProps) {
  return (
    <foreignObject x={x - width / 2} y={y - height / 2} width={width} height={height}>
      <div class="label">{text}</div>
    </foreignObject>
  );
}
