import type { DeadlockCycle, WaitEdge } from "@lockscope/trace";
import { useMemo, useState } from "preact/hooks";
import { type WaitPicture, waitPictures } from "../graph/wait-for.js";
import { edgeSentence } from "../model/describe.js";
import { taskFocus } from "../model/focus.js";
import { plural } from "../model/format.js";
import { Graph } from "./graph.js";
import { useMoment } from "./moment.js";
import { usePaced } from "./paced.js";
import { usePage } from "./page.js";
import { WaitEdgeText } from "./wait-edge.js";

export interface WaitForGraphProps {
  /** Which waits are searched for; `undefined`: all. */
  readonly shows: ((edge: WaitEdge) => boolean) | undefined;
}

/** Who waits for whom at the cursor: a ring for each cycle, the others in layers. */
export function WaitForGraph({ shows }: WaitForGraphProps) {
  const { live, trouble } = useMoment();
  const question = useMemo(() => ({}), [trouble, shows]);
  const pictures = usePaced(question, () => waitPictures(live, trouble, shows));
  const { cycles, others, omitted } = pictures;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll graphs" id="wait-for" tabIndex={0} aria-label="Wait-for graph">
      {cycles.map(({ cycle, picture }) => (
        <Picture key={keyOf(cycle)} picture={picture} title={cycleTitle(cycle)} />
      ))}
      {others !== undefined && (
        <Picture
          picture={others}
          title={cycles.length > 0 ? "Behind them, and elsewhere" : "Who waits for whom"}
        />
      )}
      {omitted > 0 && <p class="note">{plural(omitted, "more wait")} not drawn.</p>}
      {trouble.report.truncated && <p class="note">There are more cycles among the same tasks.</p>}
      {cycles.length === 0 && others === undefined && (
        <p class="note">{shows === undefined ? "No task waits for another." : "No wait is like that."}</p>
      )}
    </section>
  );
}

const keyOf = ({ edges }: DeadlockCycle) => edges.map(({ from }) => from.id).join(" ");

const cycleTitle = ({ edges, certain }: DeadlockCycle) =>
  `${certain ? "Deadlock" : "Possible deadlock"} of ${plural(edges.length, "task")}`;

function Picture({ picture, title }: { readonly picture: WaitPicture; readonly title: string }) {
  const { setFocus } = usePage();
  const [chosen, setChosen] = useState<string>();
  const { drawing, tasks, edges } = picture;
  const choose = (key: string) => {
    setChosen(key);
    const task = tasks.get(key);
    if (task !== undefined) setFocus(taskFocus(task));
  };
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div class="drawing">
        <Graph
          drawing={drawing}
          label={title}
          chosen={chosen}
          describe={(key) => tasks.get(key)?.name ?? edgeSentence(edges.get(key)!)}
          onChoose={choose}
        />
      </div>
      <EdgeList edges={[...edges]} chosen={chosen} />
    </figure>
  );
}

interface EdgeListProps {
  readonly edges: readonly (readonly [key: string, edge: WaitEdge])[];
  readonly chosen: string | undefined;
}

/** The graph in sentences, with both places of every edge. */
function EdgeList({ edges, chosen }: EdgeListProps) {
  return (
    <ul class="edges">
      {edges.map(([key, edge]) => (
        <li key={key} aria-current={key === chosen}>
          <WaitEdgeText edge={edge} />
        </li>
      ))}
    </ul>
  );
}
