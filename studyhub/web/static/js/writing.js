// Writes into a textarea as if it had been typed.

// insertText keeps the browser's own undo; where it is gone, the text is set directly.
export const write = (text, written) => {
  text.focus();
  if (document.execCommand("insertText", false, written)) return;
  text.setRangeText(written, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
};

// On lines of its own, with an empty line before and after.
export const writeBlock = (text, written) => {
  const before = text.value.slice(0, text.selectionStart);
  const after = text.value.slice(text.selectionEnd);
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") || after === "" ? "\n" : after.startsWith("\n") ? "\n" : "\n\n";
  write(text, `${lead}${written}${tail}`);
};
