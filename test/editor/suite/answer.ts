import { outside } from "./outside.js";
import { poll } from "./poll.js";

/** Answers a question that the editor asks in its box at the top. */
export async function answer(question: RegExp, text: string): Promise<void> {
  await poll(
    `the question ${question}`,
    () => outside.windowElements(".quick-input-widget"),
    (shown) => shown.some((words) => question.test(words)),
  );
  await outside.type(text);
  await outside.press("Enter");
}
