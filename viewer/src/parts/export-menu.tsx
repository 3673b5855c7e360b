import { useRef, useState } from "preact/hooks";
import { type ExportFile, type ExportKind, exportFile, exportName } from "../model/exports.js";
import { usePage } from "./page.js";

interface ExportMenuProps {
  /** Saves the trace as it is; `undefined`: the host cannot. */
  readonly onTrace: (() => void) | undefined;
  onSave(file: ExportFile): void;
  /** The timeline as it is shown. */
  picture(): Promise<ArrayBuffer> | undefined;
}

/** A button that unfolds the ways to save what is shown. Escape, or going elsewhere, folds it up. */
export function ExportMenu({ onTrace, onSave, picture }: ExportMenuProps) {
  const { session, view } = usePage();
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState<string>();
  const save = async (make: () => Promise<ExportFile | undefined>) => {
    setOpen(false);
    setFailure(undefined);
    try {
      const file = await make();
      if (file !== undefined) onSave(file);
    } catch (error) {
      setFailure(`Could not be saved: ${error instanceof Error ? error.message : error}`);
    }
  };
  const write = (kind: ExportKind) => () => save(() => exportFile(kind, session, view.selection.range));
  const draw = () =>
    save(async () => {
      const content = await picture();
      return content && { name: exportName(session.info?.name ?? "", ".png"), content };
    });
  const trace = () => {
    setOpen(false);
    onTrace?.();
  };
  const selected = view.selection.range === undefined ? "Statistics" : "Statistics of the selected range";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it
    <div
      class="menu"
      ref={box}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
      onFocusOut={({ relatedTarget }) => {
        if (!box.current?.contains(relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        type="button"
        id="save"
        class="button"
        aria-expanded={open}
        aria-controls={open ? "save-menu" : undefined}
        onClick={() => setOpen(!open)}
      >
        Save…
      </button>
      {open && (
        <div class="menu-items" id="save-menu">
          {onTrace !== undefined && <Item text="Trace" ending=".locktrace" onClick={trace} />}
          <Item text="For Perfetto and Chrome" ending=".json" onClick={write("chrome")} />
          <Item text="Events" ending=".csv" onClick={write("events")} />
          <Item text={selected} ending=".csv" onClick={write("statistics")} />
          <Item text="Timeline as shown" ending=".png" onClick={draw} />
        </div>
      )}
      {failure !== undefined && <span role="alert">{failure}</span>}
    </div>
  );
}

interface ItemProps {
  readonly text: string;
  readonly ending: string;
  onClick(): void;
}

function Item({ text, ending, onClick }: ItemProps) {
  return (
    <button type="button" class="menu-item" onClick={onClick}>
      {text} <span class="dim">{ending}</span>
    </button>
  );
}
