/**
 * Text from a source file as a terminal may be shown it: an escape sequence in a string literal must not move the
 * cursor or change colours. Tabs stay; they are expanded where columns matter.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}

const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])$/u;
const weightless = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** How many columns a terminal gives to a text without tabs. */
export function columns(text: string): number {
  let width = 0;
  for (const character of text) {
    if (weightless.test(character)) continue;
    width += wide.test(character) ? 2 : 1;
  }
  return width;
}

export const tabWidth = 4;

export function expandTabs(text: string): string {
  return text.replaceAll("\t", " ".repeat(tabWidth));
}
