/** Puts a text into the clipboard. @param what names it, such as `the secret` @returns what came of it, in a sentence */
export const copyText = async (text: string, what: string): Promise<string> => {
  try {
    await navigator.clipboard.writeText(text);
    return `Copied ${what}.`;
  } catch {
    return 'The browser does not allow copying here. Select the text instead.';
  }
};
