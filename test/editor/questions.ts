/** The variable that tells the suite whether its workspace is a trusted one: "true" or "false". */
export const trustVariable = "LOCKSCOPE_TEST_TRUST";

/** What the suite, inside the editor, asks of the process that drives the editor's window. */
export interface Outside {
  /** Prints a line of the suite's report. */
  say(line: string): void;
  /** The suite begins: for the how-manieth time in this window, which begins it anew when it is reloaded. */
  begins(): number;
  /** Keeps the suite's result for whoever has started it. */
  finished(counts: { readonly passed: number; readonly failed: number }): void;
  /** Keeps a picture of the whole window under `test-artifacts/`. */
  screenshot(name: string): void;
  /** The visible text of the trace view, or null while there is none. */
  panelText(): string | null;
  /** How many events the trace view has received. */
  panelEvents(): number | null;
  /** The texts of the elements in the trace view that match a CSS selector. */
  panelElements(selector: string): string[];
  /** What is entered in the fields of the trace view that match the selector. */
  panelValues(selector: string): string[];
  /** Clicks the first element of the trace view that matches the selector. */
  clickInPanel(selector: string): void;
  /** Presses a key, or keys together ("Control+A"), where the cursor is. */
  press(key: string): void;
  /** Types a text where the cursor is. */
  type(text: string): void;
  /** The texts in the notification centre, if that is open: while tests run, none pop up by themselves. */
  notifications(): string[];
  /** The texts of the visible elements of the window itself that match a CSS selector. */
  windowElements(selector: string): string[];
}

/** The same, as asked over the line. */
export type AskOutside = {
  readonly [K in keyof Outside]: (
    ...argument: Parameters<Outside[K]>
  ) => Promise<Awaited<ReturnType<Outside[K]>>>;
};

/** The same, as answered. */
export type AnswerOutside = {
  readonly [K in keyof Outside]: (
    ...argument: Parameters<Outside[K]>
  ) => ReturnType<Outside[K]> | Promise<ReturnType<Outside[K]>>;
};
