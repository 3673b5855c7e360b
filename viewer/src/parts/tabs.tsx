import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { TABS, type TabId } from "../view-state.js";

const titles: Readonly<Record<TabId, string>> = {
  state: "State",
  locks: "Locks",
  tasks: "Tasks",
  events: "Events",
  statistics: "Statistics",
  graphs: "Graphs",
  alarms: "Alarms",
  compare: "Compare",
};

interface TabsProps {
  readonly current: TabId;
  /** Shown behind the title where there is something to count. */
  readonly counts: Partial<Record<TabId, number>>;
  onTab(tab: TabId): void;
  /** What stands beside the tabs. */
  readonly aside: ComponentChildren;
  /** The current view. */
  readonly children: ComponentChildren;
}

/** The views below the timeline, one at a time. Arrow keys go from tab to tab, as everywhere. */
export function Tabs({ current, counts, onTab, aside, children }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const go = (index: number) => {
    const next = TABS[(index + TABS.length) % TABS.length]!;
    onTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  const handleKey = (event: KeyboardEvent) => {
    const at = TABS.indexOf(current);
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    go(target);
  };
  return (
    <section class="views" aria-label="Views">
      <div class="views-bar">
        <div class="tabs" role="tablist" aria-label="Views" ref={list}>
          {TABS.map((id) => (
            <button
              key={id}
              id={`tab-${id}`}
              type="button"
              role="tab"
              class="tab"
              aria-selected={id === current}
              aria-controls={id === current ? "view" : undefined}
              tabIndex={id === current ? 0 : -1}
              onClick={() => onTab(id)}
              onKeyDown={handleKey}
            >
              {titles[id]} {(counts[id] ?? 0) > 0 && <span class="badge">{counts[id]}</span>}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div id="view" class="view" role="tabpanel" aria-labelledby={`tab-${current}`} data-view={current}>
        {children}
      </div>
    </section>
  );
}
