/** The wait-for graph at an instant, taken apart for drawing: each cycle by itself, and those behind. */
import {
  type DeadlockCycle,
  edgesFrom,
  type LiveState,
  type TaskState,
  type WaitEdge,
  waitGraph,
} from "@lockscope/trace";
import type { Trouble } from "../model/trouble.js";
import type { Drawing } from "./drawing.js";
import { layeredDrawing } from "./layers.js";
import { ringDrawing } from "./ring.js";

/** A drawing, and what its keys stand for. */
export interface WaitPicture {
  readonly drawing: Drawing;
  readonly tasks: ReadonlyMap<string, TaskState>;
  readonly edges: ReadonlyMap<string, WaitEdge>;
}

export interface WaitPictures {
  readonly cycles: readonly { readonly cycle: DeadlockCycle; readonly picture: WaitPicture }[];
  /** Those who wait for somebody, other than round a cycle; `undefined`: nobody does. */
  readonly others: WaitPicture | undefined;
  /** Edges that are left out of `others`. */
  readonly omitted: number;
}

const MAX_CYCLES = 12;
/** More boxes than this nobody follows. */
const MAX_EDGES = 60;

/** @param shows which waits are wanted: cycles as a whole, and single ones */
export function waitPictures(
  live: LiveState,
  { report }: Trouble,
  shows: (edge: WaitEdge) => boolean = () => true,
): WaitPictures {
  const cycles = report.cycles.filter(({ edges }) => edges.some(shows)).slice(0, MAX_CYCLES);
  const inCycle = new Set(report.cycles.flatMap(({ edges }) => edges.map(edgeKey)));
  const all = [...waitGraph(live.tasks).values()].flatMap(edgesFrom);
  const others = all.filter((edge) => !inCycle.has(edgeKey(edge)) && shows(edge));
  const stuck = new Set(report.cycles.flatMap(({ edges }) => edges.map(({ from }) => from)));
  // Those who wait behind a cycle first, then those who have waited longest.
  others.sort((a, b) => Number(stuck.has(b.to)) - Number(stuck.has(a.to)) || a.wait.since - b.wait.since);
  const shown = others.slice(0, MAX_EDGES);
  return {
    cycles: cycles.map((cycle) => ({ cycle, picture: ringPicture(cycle) })),
    others: shown.length === 0 ? undefined : layeredPicture(shown, stuck),
    omitted: others.length - shown.length,
  };
}

function ringPicture({ edges, certain }: DeadlockCycle): WaitPicture {
  const members = edges.map((edge) => ({ key: edgeKey(edge), name: edge.from.name, edge: edgeName(edge) }));
  const drawing = ringDrawing(members, certain);
  return {
    drawing: {
      ...drawing,
      nodes: drawing.nodes.map((node, index) => ({ ...node, key: taskKey(edges[index]!.from) })),
    },
    tasks: new Map(edges.map(({ from }) => [taskKey(from), from])),
    edges: new Map(edges.map((edge) => [edgeKey(edge), edge])),
  };
}

function layeredPicture(edges: readonly WaitEdge[], stuck: ReadonlySet<TaskState>): WaitPicture {
  const tasks = new Map(edges.flatMap(({ from, to }) => [from, to]).map((task) => [taskKey(task), task]));
  const drawing = layeredDrawing(
    [...tasks].map(([key, task]) => ({ key, name: task.name, marked: stuck.has(task) })),
    edges.map((edge) => ({
      key: edgeKey(edge),
      from: taskKey(edge.from),
      to: taskKey(edge.to),
      label: edgeName(edge),
      marked: false,
    })),
  );
  return { drawing, tasks, edges: new Map(edges.map((edge) => [edgeKey(edge), edge])) };
}

const taskKey = ({ id }: TaskState) => `task ${id}`;

const edgeKey = ({ from, to, wait, stopped }: WaitEdge) =>
  `${from.id} ${stopped ? "thread" : (wait.lock?.id ?? "join")} ${to.id} ${wait.since}`;

const edgeName = ({ wait, stopped }: WaitEdge) => (stopped ? "thread" : (wait.lock?.name ?? "its end"));
