/** The value of an option that takes several, with commas or blanks between them. */
export const listed = (text: string): readonly string[] => text.split(/[\s,]+/).filter((name) => name !== '');
